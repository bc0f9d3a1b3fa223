package org.ratescope.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HumanTimeTest {
  @ParameterizedTest
  @CsvSource({
    "0.2, 1 s",
    "42.4, 42 s",
    "1190, 20 min",
    "5300, 88 min",
    "5700, 1 h 40 min",
    "7200, 2 h",
    "40000, 11 h",
    "300000, 3 days"
  })
  void aTimeIsShownAsPeopleSayIt(double seconds, String text) {
    assertThat(HumanTime.about(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "30m, 1800", "30 min, 1800", "2h, 7200", "1h30m, 5400", "1d, 86400"})
  void aTimeIsRead(String text, long seconds) {
    assertThat(HumanTime.parse(text)).contains(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "m", "-5m", "0s", "1m30h", "1.5h", "soon"})
  void anotherTextIsNoTime(String text) {
    assertThat(HumanTime.parse(text)).isEmpty();
  }
}
