#include "evaluation/requirement.h"

#include <gtest/gtest.h>

#include "vsa/error.h"

namespace vsa {
namespace {

std::string Complaint(const std::string& text) {
  try {
    ParseRequirement(text, Scale::kMosi);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "";
}

TEST(Requirement, IsAMetricAComparisonAndANumber) {
  const Requirement requirement =
      ParseRequirement(" mae <= 0.9 ", Scale::kMosi);
  EXPECT_EQ(requirement.metric, kMae);
  EXPECT_EQ(requirement.comparison, "<=");
  EXPECT_EQ(requirement.bound, 0.9);
  EXPECT_EQ(ParseRequirement("corr>-1", Scale::kMosi).comparison, ">");
}

TEST(Requirement, AllElseIsRefused) {
  EXPECT_EQ(Complaint("mae"),
            "--require mae: has no comparison; expected one as in "
            "non0_acc2>=0.83");
  EXPECT_EQ(
      Complaint("acc2>=0.8")
          .find("--require acc2>=0.8: \"acc2\" is no metric; expected one of "
                "has0_acc2, has0_f1, non0_acc2"),
      0u);
  for (const std::string number : {"", "x", "0.8.1", "nan", "=0.8", "80%"}) {
    EXPECT_EQ(Complaint("mae<=" + number),
              "--require mae<=" + number +
                  ": has no number to compare with; expected one as 0.83");
  }
  EXPECT_NE(Complaint(""), "");
  EXPECT_NE(Complaint(">=1"), "");
}

TEST(Requirement, ComparesFiguresAsReported) {
  Metrics metrics;
  metrics[kNon0Acc2] = 0.82996;
  metrics[kMae] = 0.5;
  const auto shortfall = [&](const std::vector<std::string>& texts,
                             Compat compat) {
    std::vector<Requirement> requirements;
    for (const std::string& text : texts)
      requirements.push_back(ParseRequirement(text, Scale::kMosi));
    return Shortfall(metrics, requirements, compat);
  };
  EXPECT_EQ(shortfall({}, Compat::kMmsa), "");
  EXPECT_EQ(
      shortfall({"non0_acc2>=0.83", "mae<=0.5", "mae>=0.5"}, Compat::kMmsa),
      "");
  EXPECT_EQ(shortfall({"non0_acc2>=0.83"}, Compat::kMult),
            "--require non0_acc2>=0.83: not met, it is 0.82996");
  EXPECT_EQ(shortfall({"mae<0.5", "mae<1", "non0_acc2>0.83", "corr>=-1"},
                      Compat::kMmsa),
            "--require mae<0.5: not met, it is 0.5; non0_acc2>0.83: not met, "
            "it is 0.83; corr>=-1: not met, it is undefined");
}

}  // namespace
}  // namespace vsa
