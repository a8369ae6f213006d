#include "speech/word_times.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace vsa {
namespace {

using Matrix = std::vector<std::vector<float>>;

// Frames of the median, the middle one and as many on both sides.
constexpr std::size_t kMedian = 7;

// Weights whose greatest are less than so many times the mean tell nothing.
constexpr float kLeastPeak = 5;

bool LooksSomewhere(const Matrix& attention) {
  float peaks = 0, all = 0;
  for (const std::vector<float>& row : attention) {
    peaks += *std::max_element(row.begin(), row.end());
    for (const float weight : row) all += weight;
  }
  const auto frames = static_cast<float>(attention[0].size());
  return std::isfinite(all) && peaks > kLeastPeak * all / frames;
}

// Each frame's weights less their mean, by their deviation.
void Standardise(Matrix* matrix) {
  const auto count = static_cast<double>(matrix->size());
  for (std::size_t frame = 0; frame < (*matrix)[0].size(); ++frame) {
    double sum = 0, squares = 0;
    for (const std::vector<float>& row : *matrix) sum += row[frame];
    const double mean = sum / count;
    for (const std::vector<float>& row : *matrix)
      squares += (row[frame] - mean) * (row[frame] - mean);
    const double deviation = std::sqrt(squares / count);
    for (std::vector<float>& row : *matrix) {
      row[frame] = deviation > 0
                       ? static_cast<float>((row[frame] - mean) / deviation)
                       : 0;
    }
  }
}

// What lies before the first frame mirrors what lies behind it, as at the end.
void Smooth(std::vector<float>* row) {
  constexpr auto kSide = static_cast<std::ptrdiff_t>(kMedian / 2);
  const auto size = static_cast<std::ptrdiff_t>(row->size());
  if (size <= kSide) return;
  const std::vector<float> before = *row;
  std::array<float, kMedian> near;
  for (std::ptrdiff_t at = 0; at < size; ++at) {
    for (std::ptrdiff_t i = -kSide; i <= kSide; ++i) {
      std::ptrdiff_t from = std::abs(at + i);
      if (from >= size) from = 2 * (size - 1) - from;
      near[static_cast<std::size_t>(i + kSide)] =
          before[static_cast<std::size_t>(from)];
    }
    std::nth_element(near.begin(), near.begin() + kSide, near.end());
    (*row)[static_cast<std::size_t>(at)] = near[kMedian / 2];
  }
}

// For each row the first column of the best path from corner to corner.
std::vector<std::size_t> BestPath(const Matrix& gain) {
  enum Step : std::uint8_t { kBoth, kRow, kColumn };
  const std::size_t rows = gain.size(), columns = gain[0].size();
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  std::vector<Step> steps(rows * columns);
  std::vector<float> above(columns, kNever), now(columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const float both = i == 0 && j == 0 ? 0 : j == 0 ? kNever : above[j - 1];
      const float row = above[j];
      const float column = j == 0 ? kNever : now[j - 1];
      const Step step = both >= row && both >= column ? kBoth
                        : row >= column               ? kRow
                                                      : kColumn;
      steps[i * columns + j] = step;
      now[j] = gain[i][j] + std::max({both, row, column});
    }
    above = now;
  }
  std::vector<std::size_t> first(rows);
  std::size_t i = rows - 1, j = columns - 1;
  while (true) {
    first[i] = j;
    if (i == 0 && j == 0) return first;
    const Step step = steps[i * columns + j];
    if (step != kColumn) --i;
    if (step != kRow) --j;
  }
}

}  // namespace

std::vector<FrameSpan> AlignTokens(const Matrix& attention,
                                   const std::vector<bool>& pauses) {
  if (attention.empty() || attention[0].empty() || !LooksSomewhere(attention))
    return {};
  std::vector<std::size_t> spoken;  // frames
  for (std::size_t frame = 0; frame < attention[0].size(); ++frame)
    if (frame >= pauses.size() || !pauses[frame]) spoken.push_back(frame);
  if (spoken.empty()) return {};
  Matrix matrix;
  for (const std::vector<float>& row : attention) {
    matrix.emplace_back();
    for (const std::size_t frame : spoken) matrix.back().push_back(row[frame]);
  }
  Standardise(&matrix);
  for (std::vector<float>& row : matrix) Smooth(&row);
  std::vector<std::size_t> begins = BestPath(matrix);
  begins.push_back(spoken.size());
  std::vector<FrameSpan> spans;
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    const std::size_t last = std::max(begins[i] + 1, begins[i + 1]) - 1;
    spans.push_back({spoken[begins[i]], spoken[last] + 1});
  }
  return spans;
}

}  // namespace vsa
