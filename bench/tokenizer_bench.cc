// Times a tokenizer alone: tokenizer_bench VOCAB TEXT prints one JSON line, in
// CPU time of its one thread. VOCAB is WordPiece's, or "*.model"
// SentencePiece's.
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "tokenizer/sentencepiece_module.h"
#include "tokenizer/wordpiece.h"

namespace {

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fprintf(stderr, "usage: tokenizer_bench VOCAB TEXT\n");
    return 2;
  }
  const std::string vocabulary = vsa::ReadFile(argv[1], vsa::ErrorKind::kSetup);
  const std::string text = vsa::ReadFile(argv[2], vsa::ErrorKind::kInput);

  const double start = CpuSeconds();
  const std::string path = argv[1];
  const bool pieces =
      path.size() > 6 && path.compare(path.size() - 6, 6, ".model") == 0;
  const auto tokenizer = pieces ? vsa::ParseSentencePiece(vocabulary, path)
                                : vsa::ParseWordPiece(vocabulary, path, {});
  const double made = CpuSeconds();
  std::vector<std::int32_t> ids;
  std::size_t tokens = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    ids.clear();
    tokenizer->Encode(rest.substr(0, end), &ids);
    tokens += ids.size();
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  const double done = CpuSeconds();
  std::printf(
      "{\"load_seconds\": %.4f, \"megabytes_per_second\": %.2f, \"tokens\": "
      "%zu}\n",
      made - start, static_cast<double>(text.size()) / 1e6 / (done - made),
      tokens);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "tokenizer_bench: %s\n", error.what());
  return 3;
}
