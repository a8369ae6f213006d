// The file that `vsa batch` writes: a line for each finished item, safe from
// crashes and from a second process.
#ifndef VSA_BATCH_RESULTS_FILE_H_
#define VSA_BATCH_RESULTS_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/result_line.h"
#include "base/open_file.h"
#include "batch/digest.h"

namespace vsa {

struct ResultsLine {
  // As ResultMark has them; not of a result that no batch wrote.
  std::optional<Digest> item;
  Digest key{};
  bool failed = false;
  std::uint32_t size = 0;  // with its newline
  std::uint64_t offset = 0;
};

// Longer lines are of something else.
constexpr std::size_t kLongestResult = 256 * 1000 * 1000;

// The whole lines of a file, without opening it for writing; none if there is
// no file. Those that a crash or a power cut tore, emptied or filled with zeros
// are left out. Throws kSetup if it cannot be read, is no regular file, or
// holds a line that is no result.
std::vector<ResultsLine> ReadResultsLines(const std::string& path);

// Not safe to share between threads.
class ResultsFile {
 public:
  // Makes the file, or goes on with one that an earlier run wrote: torn lines
  // are discarded, though not before something else is written. Keeps other
  // processes out until it is destroyed or its process ends, however that
  // happens. To a device or pipe lines go as to stdout. Throws kSetup: in use
  // by another process, cannot be written, or it holds something else (with
  // `replace` that is discarded likewise).
  ResultsFile(const std::string& path, bool replace);
  // Lines go to stdout as they are added, and nothing is kept.
  ResultsFile();
  // Leaves no empty file behind if nothing came of the run.
  ~ResultsFile();
  ResultsFile(const ResultsFile&) = delete;
  ResultsFile& operator=(const ResultsFile&) = delete;

  // In the order of the file, which is the order they were added in.
  const std::vector<ResultsLine>& lines() const { return lines_; }

  // Writes a line, which ends with a newline, at once: its index in lines(), of
  // which lines that go to stdout, a device or pipe are none. If the file was
  // removed or moved meanwhile, it is made anew with all lines. Throws kSetup
  // if that cannot be done, as where its name is another file now, which stays;
  // if somebody else wrote to it, whom the lock does not reach; or if the line
  // cannot be written; then none of it is in the file.
  std::optional<std::size_t> Append(const std::string& line,
                                    const ResultMark& mark);

  // The path of a file that lies beside this one, for a run to remember
  // something; empty where lines go to stdout, a device or pipe.
  std::string PathBeside(const std::string& ending) const;

  // Throws kSetup if lines go to a pipe that nobody reads any longer.
  void CheckReader() const;

  // Makes the file hold these lines, indexes of lines(), and no others, in this
  // order: written beside and renamed, unless it is so already. A file that was
  // removed or moved is made anew, as by Append. Throws kSetup if that cannot
  // be done; then the file is as it was.
  void Arrange(const std::vector<std::size_t>& order);

 private:
  int current() const { return files_.back().get(); }
  void DiscardRest();
  // Has the file under its name, anew where that is free. Throws kSetup.
  void KeepName();
  // Throws kSetup if the file has not the size that this run gave it.
  void CheckAlone() const;
  // Writes these lines to an open file, whose mode becomes that of ours. False,
  // with errno, if that cannot be done.
  bool CopyLines(const std::vector<std::size_t>& order, int to);
  // Goes on with an open file that holds these lines.
  void UseFile(OpenFile file, const std::vector<std::size_t>& order);

  std::string name_;  // as given, for messages
  std::string path_;  // links followed
  std::string beside_;
  // Open and locked: the file, and before it those that it replaced. A process
  // that opened one of these is kept out, too.
  std::vector<OpenFile> files_;
  int stream_ = -1;  // where lines go as they are; -1: to a file
  bool made_ = false;
  bool arranged_ = false;
  bool has_rest_ = true;    // after the whole lines
  bool has_gaps_ = false;   // between them
  std::uint64_t size_ = 0;  // up to the end of the last whole line
  std::uint64_t end_ = 0;   // of the file
  std::vector<ResultsLine> lines_;
};

}  // namespace vsa

#endif  // VSA_BATCH_RESULTS_FILE_H_
