package org.ratescope.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.cli.Call;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.tensor.Device;

class DeviceOptionTest {
  @TempDir Path folder;

  private Call call(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of(more));
    return Call.of(folder.resolve("cache"), words.toArray(String[]::new));
  }

  private String results() {
    return folder.resolve("results").toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run quickstart --profile smoke",
        "plan quickstart --profile smoke --quick",
        "quickstart --profile smoke",
        "paper --profile smoke",
        "evaluate quickstart --profile smoke",
        "bench"
      })
  void aMissingGpuIsAOneLineErrorWithoutFiles(String command) throws Exception {
    assumeTrue(Device.present().size() == 1, "skipped: there is a GPU");
    boolean keeps = !command.equals("bench");
    String[] place = keeps ? new String[] {"--results", results()} : new String[0];
    List<String> more = new ArrayList<>(List.of("--device", "cuda"));
    more.addAll(List.of(place));
    Call call = call(command, more.toArray(String[]::new));

    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err().lines().filter(line -> line.startsWith("ratescope:")))
        .singleElement()
        .asString()
        .startsWith("ratescope: --device cuda:0 needs Ratescope's release for GPUs")
        .contains("docs/gpu.md");
    assertThat(folder.resolve("results/records")).doesNotExist();
  }

  @Test
  void anUnknownDeviceIsRefusedWithTheAllowedOnes() {
    Call call = call("run quickstart --device gpu");
    assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err())
        .startsWith("ratescope run: --device: got \"gpu\"; expected cpu, cuda, cuda:N");
  }

  @Test
  void conflictingOptionsAreRefused() {
    assertThat(call("run quickstart --device cuda --workers 2", "--results", results()).err())
        .startsWith("ratescope: --workers: got 2; expected 1 with --device cuda:0");
    assertThat(call("run quickstart --gpu-memory 80", "--results", results()).err())
        .startsWith("ratescope: --gpu-memory has no effect without --engine spark");
  }

  @Test
  void theCpuCanBeNamed() {
    Call call = call("run quickstart --profile smoke --device cpu", "--results", results());
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(Files.exists(folder.resolve("results/records"))).isTrue();
  }
}
