#include "backends/media/cea608_libav.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#include "backends/media/libav_handles.h"
#include "vsa/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace vsa {
namespace {

constexpr std::int64_t kFrame = 1001000000 / 30000;  // of NTSC, microseconds

// Of cc_data: that a triplet's pair is one of field 1, and valid.
constexpr char kField1 = '\xFC';
constexpr char kMarkBits = '\x07';

// Codes of the first channel, without parity.
constexpr int kMiscellaneous = 0x14;
constexpr int kResumeLoading = 0x20;
constexpr int kRollUp2 = 0x25;
constexpr int kResumeDirect = 0x29;
constexpr std::string_view kEraseDisplayed = "\x94\x2C";

int WithoutParity(char byte) { return byte & 0x7F; }

}  // namespace

void Cea608Decoder::Close::operator()(AVCodecContext* context) const {
  avcodec_free_context(&context);
}

Cea608Decoder::Cea608Decoder() {
  const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_EIA_608);
  if (codec != nullptr) context_.reset(avcodec_alloc_context3(codec));
  if (context_ != nullptr) context_->pkt_timebase = {1, 1000000};
  if (context_ == nullptr || avcodec_open2(context_.get(), codec, nullptr) < 0)
    throw Error(ErrorKind::kSetup,
                "libavcodec: has no decoder of CEA-608; expected one that was "
                "built with it");
}

void Cea608Decoder::Add(Time time, std::string_view pair,
                        std::vector<TrackCaption>* captions) {
  time_ = time;
  const int first = WithoutParity(pair[0]);
  const int second = WithoutParity(pair[1]);
  if (first >= 0x10 && first < 0x20) first_channel_ = first < 0x18;
  if (!first_channel_ || first < 0x10) return;
  if (first == kMiscellaneous && second == kResumeLoading) pops_on_ = true;
  if (first == kMiscellaneous && second >= kRollUp2 &&
      second <= kResumeDirect && pops_on_) {
    // FFmpeg gives what was popped on with the next change of that kind alone.
    Send(kEraseDisplayed, captions);
    pops_on_ = false;
  }
  Send(pair, captions);
}

void Cea608Decoder::AddPacked(Time time, std::string_view cc_data,
                              std::vector<TrackCaption>* captions) {
  for (; cc_data.size() >= 3; cc_data.remove_prefix(3)) {
    if ((cc_data[0] & kMarkBits) != (kField1 & kMarkBits)) continue;
    Add(time, cc_data.substr(1, 2), captions);
    time += Time(kFrame);
  }
}

void Cea608Decoder::Finish(std::vector<TrackCaption>* captions) {
  const std::size_t before = captions->size();
  Send(kEraseDisplayed, captions);
  if (captions->size() > before) captions->back().end = Time::max();
}

void Cea608Decoder::Send(std::string_view pair,
                         std::vector<TrackCaption>* captions) {
  const LibavHandle<AVPacket> packet(av_packet_alloc());
  if (packet == nullptr || av_new_packet(packet.get(), 3) < 0)
    throw std::bad_alloc();
  packet->data[0] = static_cast<std::uint8_t>(kField1);
  std::memcpy(packet->data + 1, pair.data(), 2);
  packet->pts = time_.count();
  AVSubtitle screen = {};
  int shown = 0;
  const int status =
      avcodec_decode_subtitle2(context_.get(), &screen, &shown, packet.get());
  if (status < 0 || shown == 0) return;
  for (unsigned i = 0; i < screen.num_rects; ++i) {
    if (screen.rects[i]->ass == nullptr) continue;
    captions->push_back({Time(screen.pts), time_, screen.rects[i]->ass});
  }
  avsubtitle_free(&screen);
}

TrackText DecodeCea608(const std::vector<CaptionBytes>& bytes) {
  Cea608Decoder decoder;
  TrackText out;
  Time time = Time::min();
  for (const CaptionBytes& sent : bytes) {
    time = std::max(time, sent.time);  // more than fits is late
    for (std::size_t i = 0; i + 1 < sent.pairs.size(); i += 2) {
      decoder.Add(time, std::string_view(sent.pairs).substr(i, 2),
                  &out.captions);
      time += Time(kFrame);
    }
  }
  decoder.Finish(&out.captions);
  return out;
}

}  // namespace vsa
