package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InvalidClassException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the driver reads of what executors send. */
class ExecutorMessageTest {
  private static ExecutorMessage.News news(int traces) {
    List<ExecutorMessage.Traced> traced =
        IntStream.range(0, traces)
            .mapToObj(i -> new ExecutorMessage.Traced(i, i, 0.5 * i, -i))
            .toList();
    return new ExecutorMessage.News(7, 1L << 40, 2, 3, traced, List.of("ein Satz", "中文"));
  }

  @Test
  void aMessageSurvivesTheJourney() {
    for (int traces : new int[] {0, 1, 2, 3, 10_000}) {
      assertThat(ExecutorMessage.News.of(news(traces).bytes())).isEqualTo(news(traces));
    }
  }

  static List<Serializable> others() {
    HashMap<String, String> map = new HashMap<>();
    map.put("a", "b");
    return List.of(
        map, BigInteger.ONE, new byte[10], new ExecutorMessage.Returned("place", new byte[1]));
  }

  /** An object of another class is refused before it is made. */
  @ParameterizedTest
  @MethodSource("others")
  void otherClassesAreRefused(Serializable other) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(other);
    }
    assertThatThrownBy(() -> ExecutorMessage.News.of(bytes.toByteArray()))
        .cause()
        .isInstanceOf(InvalidClassException.class)
        .hasMessageContaining("REJECTED");
  }
}
