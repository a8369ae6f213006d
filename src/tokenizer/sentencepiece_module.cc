#include "tokenizer/sentencepiece_module.h"

#include <dlfcn.h>
#include <unicode/unistr.h>

#include <cstdint>

#include "base/module.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Bound to its own symbols before the program's. AddressSanitizer does not
// allow that, and has no libtorch beside it.
#if defined(__SANITIZE_ADDRESS__)
constexpr int kFlags = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int kFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

const SentencePieceFunctions& Functions() {
  using Entry = const SentencePieceFunctions* (*)();
  static const SentencePieceFunctions* functions =
      reinterpret_cast<Entry>(LoadModuleSymbol("libvsa_sentencepiece.so",
                                               "vsa_sentencepiece", kFlags))();
  return *functions;
}

class SentencePieceTokenizer : public Tokenizer {
 public:
  explicit SentencePieceTokenizer(void* processor) : processor_(processor) {}
  ~SentencePieceTokenizer() override { Functions().Free(processor_); }
  SentencePieceTokenizer(const SentencePieceTokenizer&) = delete;
  SentencePieceTokenizer& operator=(const SentencePieceTokenizer&) = delete;

  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    // Through UTF-16, which turns bytes that are not UTF-8 into U+FFFD.
    std::string valid;
    icu::UnicodeString::fromUTF8(
        {text.data(), static_cast<std::int32_t>(text.size())})
        .toUTF8String(valid);
    const auto add = [](void* context, std::int32_t id) {
      static_cast<std::vector<std::int32_t>*>(context)->push_back(id);
    };
    Functions().Encode(processor_, valid.data(), valid.size(), add, ids);
  }

  std::string_view TokenOf(std::int32_t id) const override {
    std::size_t size = 0;
    const char* piece = Functions().Piece(processor_, id, &size);
    return {piece, size};
  }

 private:
  void* processor_;
};

}  // namespace

std::unique_ptr<Tokenizer> ParseSentencePiece(const std::string& model_bytes,
                                              const std::string& model_path) {
  void* processor = Functions().Load(model_bytes.data(), model_bytes.size());
  if (processor == nullptr)
    throw Error(ErrorKind::kSetup,
                model_path + ": is not a SentencePiece model");
  return std::make_unique<SentencePieceTokenizer>(processor);
}

}  // namespace vsa
