package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The JavaScript engine: its threads, its errors, and what it does not have. */
@Isolated("it replaces the standard error stream")
class VegaTest {
  private static final String MARK =
      """
      {"data":{"values":[{"a":1}]},"mark":"point","encoding":{"x":{"field":"a","type":"quantitative"}%s}}
      """;

  /**
   * V8 protects its memory by protection keys. A thread that is older than the engine has no access
   * to it: a drawing in such a thread ended the process with SIGSEGV.
   */
  @Test
  void aThreadOlderThanTheEngineCanDraw() throws Exception {
    try (ExecutorService older = Executors.newSingleThreadExecutor()) {
      CountDownLatch engineStarted = new CountDownLatch(1);
      Future<Vega.Drawing> drawing =
          older.submit(
              () -> {
                engineStarted.await();
                return Vega.instance().svg(MARK.formatted(""), "{}");
              });
      Vega.load();
      Vega.instance();
      engineStarted.countDown();
      assertThat(drawing.get().svg()).startsWith("<svg").contains("aria-roledescription=\"point\"");
    }
  }

  @Test
  void anErrorIsVegasOwnMessageAndNothingElseIsPrinted() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      String image = ",\"url\":{\"value\":\"https://example.org/a.png\"}";
      assertThatThrownBy(
              () ->
                  Vega.instance()
                      .svg(MARK.formatted(image).replace("\"point\"", "\"image\""), "{}"))
          .isInstanceOf(VegaException.class)
          .hasMessageContaining("got the address \"https://example.org/a.png\"");
      assertThatThrownBy(() -> Vega.instance().svg("{\"mark\": 7}", "{}"))
          .isInstanceOf(VegaException.class);
      assertThat(Vega.instance().svg(MARK.formatted(""), "{}").svg()).startsWith("<svg");
    } finally {
      System.setErr(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
