package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.sweep.MemoryProcess.Sample;
import org.ratescope.sweep.MemoryProcess.Work;

/** The memory of a process does not grow with the amount of training. */
class SteadyMemoryTest {
  /** Growth from the first to the last third that is noise, in MiB. */
  private static final double NOISE = 2;

  private static final Path CACHE = SharedCache.folder();

  @TempDir Path folder;

  /** The processes have no optimising compiler, and would take a minute. */
  @BeforeAll
  static void render() throws IOException {
    DataSpec data =
        new DataSpec.Tetrominoes(
            DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, MemoryProcess.RESOLUTION);
    assertThat(ImageLibrary.at(CACHE).open(data, BuildListener.SILENT).spec()).isEqualTo(data);
  }

  @BeforeEach
  void requireProc() {
    assumeThat(Files.exists(Path.of("/proc/self/status")))
        .as("skipped: /proc tells resident memory, and is not here")
        .isTrue();
  }

  private void requireSteady(Work work) throws Exception {
    List<Sample> samples = MemoryProcess.samples(work, folder, CACHE, 0);
    assertThat(samples).hasSizeGreaterThan(8);
    String told = samples.toString();
    assertThat(MemoryProcess.growth(samples, Sample::resident)).as(told).isLessThan(NOISE);
    assertThat(MemoryProcess.growth(samples, Sample::heap)).as(told).isLessThan(1);
    assertThat(MemoryProcess.growth(samples, Sample::pointers)).as(told).isLessThan(0.1);
  }

  @Test
  void hundredsOfStepsNeedConstantMemory() throws Exception {
    requireSteady(Work.QUICK_STEPS);
  }

  @Test
  void twelveCohortsNeedConstantMemory() throws Exception {
    requireSteady(Work.QUICK_COHORTS);
  }

  @Test
  void cohortsOfManyShapesNeedConstantMemory() throws Exception {
    requireSteady(Work.QUICK_SHAPES);
  }

  @Test
  @Tag("long")
  void twoHundredCohortsOfTwoHundredShapesNeedConstantMemory() throws Exception {
    requireSteady(Work.SHAPES);
  }

  @Test
  @Tag("long")
  void twentyThousandStepsNeedConstantMemory() throws Exception {
    requireSteady(Work.STEPS);
  }

  @Test
  @Tag("long")
  void twoHundredCohortsNeedConstantMemory() throws Exception {
    requireSteady(Work.COHORTS);
  }

  /** A loss of half a kilobyte for each step is detected. */
  @Test
  @Tag("long")
  void aLeakIsDetected() throws Exception {
    List<Sample> samples = MemoryProcess.samples(Work.STEPS, folder, CACHE, 512);
    assertThat(MemoryProcess.growth(samples, Sample::resident)).isGreaterThan(NOISE);
  }
}
