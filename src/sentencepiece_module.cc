#include "sentencepiece_module.h"

#include <dlfcn.h>
#include <unicode/utf8.h>

#include "file.h"
#include "module.h"
#include "sentencepiece_abi.h"
#include "vsa/error.h"

namespace vsa {
namespace {

const SentencePieceApi& Api() {
#ifdef __SANITIZE_ADDRESS__
  constexpr int kFlags = RTLD_NOW | RTLD_LOCAL;  // AddressSanitizer refuses RTLD_DEEPBIND
#else
  constexpr int kFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif
  static const auto entry = reinterpret_cast<decltype(&vsa_sentencepiece)>(LoadModuleSymbol("libvsa_sentencepiece.so", "vsa_sentencepiece", kFlags));
  return *entry();
}

// `text` with U+FFFD for each longest piece that is not UTF-8.
std::string ToUtf8(std::string_view text) {
  std::string utf8;
  utf8.reserve(text.size());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t next = 0; next < size;) {
    const std::int64_t start = next;
    UChar32 code;
    U8_NEXT(text.data(), next, size, code);
    if (code < 0) {
      utf8 += "\xEF\xBF\xBD";
    } else {
      utf8.append(text, static_cast<std::size_t>(start), static_cast<std::size_t>(next - start));
    }
  }
  return utf8;
}

void AppendIds(void* receiver, const int* ids, std::size_t count) {
  auto* all = static_cast<std::vector<std::int32_t>*>(receiver);
  all->insert(all->end(), ids, ids + count);
}

class SentencePieceTokenizer : public Tokenizer {
 public:
  SentencePieceTokenizer(const SentencePieceApi& api, void* model) : api_(api), model_(model, api.destroy) {}

  void Encode(std::string_view text, std::vector<std::int32_t>* ids) const override {
    const std::string utf8 = ToUtf8(text);
    if (!api_.encode(model_.get(), utf8.data(), utf8.size(), AppendIds, ids)) {
      throw Error(ErrorKind::kInternal, "sentencepiece: a text cannot be encoded");
    }
  }

  std::string_view TokenOf(std::int32_t id) const override {
    std::size_t size = 0;
    const char* piece = api_.piece(model_.get(), id, &size);
    return {piece, size};
  }

 private:
  const SentencePieceApi& api_;
  std::unique_ptr<void, void (*)(void*)> model_;
};

}  // namespace

std::unique_ptr<Tokenizer> LoadSentencePiece(const std::string& model_path) {
  const std::string bytes = ReadFile(model_path, ErrorKind::kSetup);
  const SentencePieceApi& api = Api();
  void* model = api.load(bytes.data(), bytes.size());
  if (model == nullptr) throw Error(ErrorKind::kSetup, model_path + ": is not a SentencePiece model");
  return std::make_unique<SentencePieceTokenizer>(api, model);
}

}  // namespace vsa
