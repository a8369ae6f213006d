#include "report/report_page.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/figures.h"
#include "report/report_assets.h"
#include "vsa/error.h"
#include "vsa/types.h"

namespace vsa {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kCompression = 6;  // a higher level saves less than 1 %

std::string Base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// As the page's DecompressionStream("deflate") reads it.
std::string Deflate(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                               reinterpret_cast<const Bytef*>(bytes.data()),
                               bytes.size(), kCompression);
  if (status != Z_OK)
    throw Error(ErrorKind::kInternal,
                "zlib cannot compress a video's segments");
  packed.resize(size);
  return packed;
}

// How a Content-Security-Policy names a script or style that may run.
std::string SourceHash(const std::string& source) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(source.data()), source.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return "'sha256-" + Base64(digest) + "'";
}

// A script element that is data; without "<" nothing in it can end it.
void AppendData(const std::string& id, const std::string& type,
                const std::string& text, std::string* page) {
  *page += "<script type=\"" + type + "\" id=\"" + id + "\">";
  for (const char c : text) {
    if (c == '<') {
      *page += "\\u003c";  // as JSON writes it
    } else {
      *page += c;
    }
  }
  *page += "</script>\n";
}

void AppendJson(const std::string& id, const std::string& json,
                std::string* page) {
  AppendData(id, "application/json", json, page);
}

Json ThumbnailRow(const Thumbnail& thumbnail) {
  Json faces = Json::array();
  for (const auto& face : thumbnail.faces) {
    faces.push_back(Json::array());
    for (const double share : face) faces.back().push_back(Rounded(share));
  }
  return {{"video", thumbnail.moment.video},
          {"segment", thumbnail.moment.segment},
          {"jpeg", Base64(thumbnail.jpeg)},
          {"faces", faces},
          {"deciding", thumbnail.moment.deciding.has_value()}};
}

std::string Data(const ReportData& data,
                 const std::vector<Thumbnail>& thumbnails) {
  std::string page;
  std::string rows = "[";
  for (const ReportVideo& video : data.videos) {
    if (rows.size() > 1) rows += ',';
    rows += video.row;
  }
  AppendJson("videos", rows + "]", &page);
  Json pictures = Json::array();
  for (const Thumbnail& thumbnail : thumbnails)
    pictures.push_back(ThumbnailRow(thumbnail));
  AppendJson("classes",
             Json{{"sentiments", kSentiments}, {"emotions", kEmotions}}.dump(),
             &page);
  AppendJson("thumbnails", pictures.dump(), &page);
  AppendJson("lines-left-out", std::to_string(data.faults.size()), &page);
  // An element for each video, packed: the page unpacks those looked at.
  for (std::size_t i = 0; i < data.videos.size(); ++i) {
    if (data.videos[i].details.empty()) continue;
    AppendData("details-" + std::to_string(i), "text/plain",
               Base64(Deflate(data.videos[i].details)), &page);
  }
  return page;
}

}  // namespace

std::string FormatReport(const ReportData& data,
                         const std::vector<Thumbnail>& thumbnails) {
  const std::map<std::string, std::string> parts = {
      {"script-src",
       SourceHash(kReportCharts) + " " + SourceHash(kReportScript)},
      {"style-src", SourceHash(kReportStyle)},
      {"style", kReportStyle},
      {"charts", kReportCharts},
      {"licence", kReportChartsLicence},
      {"script", kReportScript},
      {"data", Data(data, thumbnails)}};
  const std::string html = kReportHtml;
  std::string page;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = html.find("{{", at);
    if (open == html.npos) break;
    const std::size_t close = html.find("}}", open);
    page.append(html, at, open - at);
    page += parts.at(html.substr(open + 2, close - open - 2));
    at = close + 2;
  }
  page.append(html, at);
  return page;
}

bool IsReport(const std::string& path) {
  const std::string html = kReportHtml;
  const std::string start = html.substr(0, html.find("<head>"));
  std::string found(start.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(found.data(), static_cast<std::streamsize>(found.size())) &&
         found == start;
}

}  // namespace vsa
