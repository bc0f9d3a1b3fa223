package org.ratescope.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ratescope.progress.ProgressSnapshot;
import org.ratescope.progress.ProgressSnapshot.Runs;
import org.ratescope.progress.ProgressSnapshot.Unit;

class ProgressLineTest {
  private static final ProgressSnapshot TRAINING =
      new ProgressSnapshot(
          "training",
          123_456,
          192_000,
          123_456.0 / 192_000,
          new Runs(31, 16, 0, 0, 1, 48),
          8210.4,
          151,
          109,
          Unit.THINGS);
  private static final ProgressSnapshot RENDERING =
      new ProgressSnapshot(
          "images of tetrominoes",
          73_728,
          163_840,
          73_728.0 / 163_840,
          Runs.NONE,
          16_000,
          5,
          6,
          Unit.THINGS);

  @Test
  void aWideTerminalShowsEverything() {
    assertThat(ProgressLine.forTerminal(TRAINING, 140))
        .isEqualTo(
            "training [##################----------] 64 %  31/48 runs done, 16 running, 1 failed"
                + "  1:49 left  8,210 steps/s  2:31 so far");
    assertThat(ProgressLine.forTerminal(RENDERING, 140))
        .isEqualTo(
            "images of tetrominoes [############----------------] 45 %  73,728 of 163,840"
                + "  0:06 left  16,000/s  0:05 so far");
  }

  @Test
  void bytesAreShownInMebibytes() {
    ProgressSnapshot getting =
        new ProgressSnapshot(
            "a.bin from example.org",
            47_040_016,
            267_573_662,
            47_040_016.0 / 267_573_662,
            Runs.NONE,
            3_500_000,
            13,
            63,
            Unit.BYTES);
    assertThat(ProgressLine.forLog(getting))
        .isEqualTo(
            "a.bin from example.org: 17 %, 44.9 of 255.2 MiB, 1:03 left, 3.3 MiB/s, 0:13 so far");
  }

  @Test
  void aNarrowTerminalShowsTheMostImportantParts() {
    assertThat(ProgressLine.forTerminal(TRAINING, 79))
        .isEqualTo("training [#######----] 64 %  31/48 runs done, 16 running, 1 failed  1:49 left");
    assertThat(ProgressLine.forTerminal(TRAINING, 30)).isEqualTo("training [#######-----] 64 %");
    assertThat(ProgressLine.forTerminal(TRAINING, 10)).isEqualTo("training 6");
  }

  @Test
  void noWidthIsExceeded() {
    for (int width = 1; width < 200; width++) {
      assertThat(ProgressLine.forTerminal(TRAINING, width)).hasSizeLessThanOrEqualTo(width);
      assertThat(ProgressLine.forTerminal(RENDERING, width)).hasSizeLessThanOrEqualTo(width);
    }
  }

  @Test
  void aLogLineHasNoBar() {
    assertThat(ProgressLine.forLog(TRAINING))
        .isEqualTo(
            "training: 64 %, 31/48 runs done, 16 running, 1 failed, 1:49 left, 8,210 steps/s, 2:31"
                + " so far");
  }

  @Test
  void whatIsUnknownIsLeftOut() {
    ProgressSnapshot fresh =
        new ProgressSnapshot(
            "training",
            0,
            192_000,
            0.0 / 192_000,
            new Runs(0, 0, 0, 0, 0, 48),
            0,
            0.2,
            -1,
            Unit.THINGS);

    assertThat(ProgressLine.forLog(fresh))
        .isEqualTo("training: 0 %, 0/48 runs done, 0 running, 0 failed, 0:00 so far");
  }

  @Test
  void durations() {
    assertThat(ProgressLine.duration(0.4)).isEqualTo("0:00");
    assertThat(ProgressLine.duration(59.6)).isEqualTo("1:00");
    assertThat(ProgressLine.duration(754)).isEqualTo("12:34");
    assertThat(ProgressLine.duration(3723)).isEqualTo("1:02:03");
    assertThat(ProgressLine.duration(2 * 86_400 + 3 * 3600 + 4 * 60 + 5)).isEqualTo("2 d 03:04");
  }

  @Test
  void aHundredPercentIsShownOnlyAtTheEnd() {
    ProgressSnapshot nearly =
        new ProgressSnapshot(
            "training",
            191_999,
            192_000,
            191_999.0 / 192_000,
            new Runs(47, 1, 0, 0, 0, 48),
            10,
            10,
            0,
            Unit.THINGS);

    assertThat(ProgressLine.forLog(nearly)).startsWith("training: 99 %,");
  }
}
