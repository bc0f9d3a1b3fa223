package org.ratescope.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.ratescope.bench.CaseSpeed;
import org.ratescope.bench.CaseSpeed.WaySpeed;
import org.ratescope.bench.SpeedReport;
import org.ratescope.cli.process.UsageException;

/**
 * Compares a {@link SpeedReport} with an earlier one. The ratio of speeds holds if the machine was
 * equally fast both times; the ratio of the multiples of the eager loop holds if it was not.
 */
final class SpeedComparison {
  private final Path file;
  private final JsonNode earlier;

  private SpeedComparison(Path file, JsonNode earlier) {
    this.file = file;
    this.earlier = earlier;
  }

  /** The comparison with that file, which {@code bench --json} wrote. */
  static SpeedComparison with(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("--compare: no file " + file);
    }
    JsonNode report;
    try {
      report = new ObjectMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw wrong(file);
    }
    boolean isReport =
        report.path("limits").isObject()
            && StreamSupport.stream(report.path("cases").spliterator(), false)
                .anyMatch(one -> one.path("ways").isArray());
    if (!isReport) {
      throw wrong(file);
    }
    return new SpeedComparison(file, report);
  }

  private static UsageException wrong(Path file) {
    return new UsageException(
        "--compare: %s is not a report of ratescope bench --json".formatted(file));
  }

  /** Prints each way of training that both reports have. */
  void print(PrintWriter out, SpeedReport now) {
    String then = earlier.path("machine").path("processor").asText();
    out.printf("%ncompared with %s (model-steps a second; multiple of the eager loop)%n", file);
    if (!then.equals(now.machine().processor())) {
      out.printf("  another processor: %s then, %s now%n", then, now.machine().processor());
    }
    for (CaseSpeed speed : now.cases()) {
      out.println("  " + speed.measured().text());
      for (WaySpeed way : speed.ways()) {
        Optional<JsonNode> old = find(speed, way);
        out.printf("    %-24s %s%n", way.way(), old.map(o -> ratios(o, way)).orElse("is new"));
      }
    }
  }

  private static String ratios(JsonNode old, WaySpeed now) {
    return String.format(
        Locale.ROOT,
        "%5.2f x  %5.2f x",
        now.modelStepsPerSecond() / old.path("modelStepsPerSecond").doubleValue(),
        now.timesEager() / old.path("timesEager").doubleValue());
  }

  private Optional<JsonNode> find(CaseSpeed speed, WaySpeed way) {
    return StreamSupport.stream(earlier.path("cases").spliterator(), false)
        .filter(one -> isSame(one, speed))
        .flatMap(one -> StreamSupport.stream(one.path("ways").spliterator(), false))
        .filter(one -> one.path("way").asText().equals(way.way()))
        .findFirst();
  }

  private static boolean isSame(JsonNode one, CaseSpeed speed) {
    return "%s, %s, batch %s"
        .formatted(
            one.path("architecture").asText(),
            one.path("images").asText(),
            one.path("batch").asText())
        .equals(speed.measured().text());
  }
}
