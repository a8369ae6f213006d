// Items kept small come back as they were.
#include "batch/item_list.h"

#include <gtest/gtest.h>

#include <utility>

namespace vsa {
namespace {

TEST(ItemList, GivesBackWhatItWasGiven) {
  Item common;
  common.track = "en";
  common.sampling.fps = 3;
  ItemList items(common);
  Item item = common;
  item.video = "/a\n\xFF.mp4";
  items.Add(item);
  item.id = "";
  item.date = "=2024";
  items.Add(item);
  item.subtitles = "/a.srt";
  items.Add(item);

  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].video, "/a\n\xFF.mp4");
  EXPECT_EQ(items[0].id, std::nullopt);
  EXPECT_EQ(items[0].track, "en");
  EXPECT_EQ(items[0].sampling.fps, 3);
  EXPECT_EQ(items[1].id, "");
  EXPECT_EQ(items[1].date, "=2024");
  EXPECT_EQ(items[1].subtitles, std::nullopt);
  EXPECT_EQ(items[2].subtitles, "/a.srt");
  EXPECT_STREQ(items.Video(2), "/a\n\xFF.mp4");
}

TEST(ItemList, NamesTellItemsApartButForTheirDates) {
  ItemList items;
  Item item;
  const auto name = [&] {
    items.Add(item);
    return items.NameOf(items.size() - 1);
  };
  item.video = "/a.mp4";
  const auto plain = name();
  item.date = "May";
  EXPECT_EQ(name(), plain);
  item.id = "/s";
  const auto with_id = name();
  EXPECT_NE(with_id, plain);
  item.subtitles = std::exchange(item.id, std::nullopt);
  EXPECT_NE(name(), with_id);
  EXPECT_NE(name(), plain);
}

TEST(ItemList, TakeLittleMoreThanTheirNames) {
  ItemList items;
  Item item;
  item.video = "/videos/of/the/year/2024/in/a/folder/clip.mp4";
  item.id = "1234567";
  for (int i = 0; i < 1000; ++i) items.Add(item);
  const char* const first = items.Video(0);
  const char* const second = items.Video(1);
  EXPECT_LE(second - first,
            static_cast<long>(item.video.size() + item.id->size() + 5));
}

}  // namespace
}  // namespace vsa
