package org.ratescope.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.bench.DeviceReport.DeviceCase;
import org.ratescope.bench.DeviceReport.DeviceWay;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.CudaDevice;
import org.ratescope.tensor.Device;

@Isolated("it sets how all products of the process round")
class DeviceBenchTest {
  private static final Path DOCS = Path.of("..", "docs", "gpu.md");

  @Test
  void theLadderEndsWhereMemoryDoes() {
    assertThat(DeviceBench.ladder(512)).containsExactly(1, 8, 32, 128, 512);
    assertThat(DeviceBench.ladder(300)).containsExactly(1, 8, 32, 128, 300);
    assertThat(DeviceBench.ladder(20)).containsExactly(1, 8, 20);
    assertThat(DeviceBench.ladder(1)).containsExactly(1);
  }

  /** The CPU in a GPU's place: what is measured differs, what is told does not. */
  @Test
  void itTellsWhatTheDocumentationPromises() throws IOException {
    BenchCase tiny = new BenchCase(Architecture.parse("mlp:1x8"), 4, true, 4);
    long bytes = 1_000_000; // holds a few
    DeviceBench bench =
        new DeviceBench(
            Device.CPU,
            new CudaDevice("none", bytes),
            0.001,
            EnumSet.allOf(Products.class),
            new DeviceBench.Limits(64, 1 << 12),
            BuildListener.SILENT);
    DeviceReport report = bench.measure(List.of(tiny), tiny.cohort(3).runs());

    DeviceCase only = report.cases().getFirst();
    assertThat(only.ways().getFirst().way()).isEqualTo("eager");
    assertThat(only.ways().getFirst().timesEager()).isEqualTo(1);
    assertThat(only.ways().stream().map(DeviceWay::way).limit(3))
        .containsExactly("eager", "ratescope, K = 1", "ratescope, K = 1, bf16");
    DeviceWay last = only.ways().getLast();
    assertThat(last.k()).isGreaterThan(1);
    assertThat(last.shareOfMemory()).isGreaterThan(0).isLessThanOrEqualTo(0.8);
    for (DeviceWay way : only.ways()) {
      assertThat(way.shareOfRoofline())
          .isCloseTo(only.rooflineSeconds() * way.modelStepsPerSecond(), within(1e-9));
      assertThat(way.shareOfBandwidth()).isLessThan(way.shareOfRoofline());
    }
    assertThat(report.paper().seconds())
        .isCloseTo(3e6 / only.best().modelStepsPerSecond(), within(1e-6));

    JsonNode json = new ObjectMapper().valueToTree(report.fields());
    assertThat(names(json)).isEqualTo(documented());
  }

  /** Two networks measured, and runs of twice and half their rooflines. */
  @Test
  void timesScaleWithTheRooflineOfTheNearestNetwork() {
    MachineLimits limits = new MachineLimits(1e12, 1e11);
    List<DeviceCase> measured = new ArrayList<>();
    Map<String, Double> speeds = new LinkedHashMap<>();
    speeds.put("mlp:1x512", 1000.0);
    speeds.put("mlp:3x512", 400.0);
    speeds.forEach((text, speed) -> measured.add(measured(text, speed, limits)));
    BenchCase other = new BenchCase(Architecture.parse("mlp:1x64"), 32, true, 128);
    RunSpec run = other.cohort(1).first();
    double roofline = Roofline.of(other.layout(), 128).seconds(limits);
    assertThat(roofline).isLessThan(measured.getFirst().rooflineSeconds());

    List<RunSpec> runs = new ArrayList<>(IntStream.range(0, 5).mapToObj(i -> run).toList());
    runs.add(new BenchCase(Architecture.parse("mlp:3x512"), 32, true, 128).cohort(1).first());
    runs.add(new BenchCase(Architecture.parse("cnn:1x64"), 32, true, 128).cohort(1).first());
    Extrapolation found = Extrapolation.of(runs, measured, limits);

    assertThat(found.runs()).isEqualTo(6);
    assertThat(found.untold()).as("no CNN was measured").isEqualTo(1);
    assertThat(found.modelSteps()).isEqualTo(6_000_000);
    double small = 5e6 * roofline / measured.getFirst().rooflineSeconds() / 1000;
    assertThat(found.seconds()).isCloseTo(small + 1e6 / 400, within(1e-6));
  }

  private static DeviceCase measured(String text, double speed, MachineLimits limits) {
    BenchCase each = new BenchCase(Architecture.parse(text), 32, true, 128);
    Roofline cost = Roofline.of(each.layout(), 128);
    return new DeviceCase(
        each,
        cost,
        cost.seconds(limits),
        List.of(
            new DeviceWay("eager", 1, speed / 20, 1, 0, 0, 0),
            new DeviceWay("ratescope, K = 8", 8, speed, 20, 0, 0, 0),
            new DeviceWay("ratescope, K = 8, bf16", 8, 2 * speed, 40, 0, 0, 0)));
  }

  private static Set<String> documented() throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher rows = Pattern.compile("(?m)^\\| `([A-Za-z0-9]+)` \\|").matcher(Files.readString(DOCS));
    while (rows.find()) {
      names.add(rows.group(1));
    }
    return names;
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> names.addAll(names(child)));
    return names;
  }
}
