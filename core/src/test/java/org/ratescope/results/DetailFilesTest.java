package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.results.store.DetailJson;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;

/** Data records and details come back as they were written, or say what is wrong. */
class DetailFilesTest {
  private static final DataSpec.Tetrominoes DATA = DataSpec.Tetrominoes.published();
  private static final RunId RUN = new RunId("0123456789abcdef");
  private static final DataPicture PICTURE =
      new DataPicture("minimum", 1, 0.25, "data:image/png;base64,AA==");

  @TempDir Path folder;

  static Stream<Arguments> findings() {
    Histogram histogram = new Histogram(0.125, 3, List.of(1, 0, 2));
    return Stream.of(
        Arguments.of(
            new Analysis.Samples(DATA),
            new DataAnalysis.Samples(
                List.of(new DataPicture("sample", 0, null, "data:x"), PICTURE))),
        Arguments.of(new Analysis.Sizes(DATA, new Split.Default()), new DataAnalysis.Sizes(3, 4)),
        Arguments.of(
            new Analysis.Plane(DATA),
            new DataAnalysis.Plane(
                List.of(new DataAnalysis.Point("cv:0.1", 0.1, 1.0 / 3, Subset.TEST)))),
        Arguments.of(
            new Analysis.Neighbours(DATA, new Split.ConstantVolume(0.1), 3),
            new DataAnalysis.Distances(
                10, 20, 3, 0.5, Double.NaN, 0.4, 0.5, 0.6, 55.4, histogram, List.of(PICTURE))),
        Arguments.of(
            new Analysis.Sensitivity(DATA, 100),
            new DataAnalysis.Sensitivities(
                List.of(
                    new DataAnalysis.FactorSensitivity(
                        "angle", 3, 0.5, 0, histogram, List.of(PICTURE))))));
  }

  @ParameterizedTest
  @MethodSource("findings")
  void dataRecordsComeBack(Analysis analysis, DataAnalysis finding) throws IOException {
    RecordStore store = RecordStore.at(folder);
    assertThat(store.read(analysis)).isEmpty();
    DataRecord record = new DataRecord(analysis, "ab".repeat(32), "0.1.0", finding);
    store.write(record);

    assertThat(store.read(analysis)).contains(record);
    assertThat(Files.readString(store.dataFile(analysis)))
        .contains("\"analysis\":\"" + analysis.canonical() + "\"")
        .doesNotContain("TEST");
  }

  @ParameterizedTest
  @MethodSource("findings")
  void aFileThatWasCutNamesItselfWhereverItWasCut(Analysis analysis, DataAnalysis finding)
      throws IOException {
    RecordStore store = RecordStore.at(folder);
    store.write(new DataRecord(analysis, "", "0.1.0", finding));
    Path file = store.dataFile(analysis);
    String whole = Files.readString(file);
    for (int length = 0; length < whole.stripTrailing().length(); length += 7) {
      Files.writeString(file, whole.substring(0, length));
      assertThatThrownBy(() -> store.read(analysis))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @Test
  void anAnswerToAnotherQuestionIsNotTaken() throws IOException {
    RecordStore store = RecordStore.at(folder);
    Analysis sizes = new Analysis.Sizes(DATA, new Split.Default());
    Analysis others = new Analysis.Sizes(DATA, new Split.Checkerboard());
    store.write(new DataRecord(sizes, "", "0.1.0", new DataAnalysis.Sizes(3, 4)));
    Files.copy(store.dataFile(sizes), store.dataFile(others));

    assertThatThrownBy(() -> store.read(others))
        .hasMessageContaining("analysis must be " + others.canonical());
    assertThatThrownBy(() -> new DataRecord(sizes, "", "", new DataAnalysis.Plane(List.of())))
        .hasMessageContaining("needs a finding of type Sizes; got Plane");
  }

  @Test
  void missingNumbersAreNotTakenForZero() throws IOException {
    RecordStore store = RecordStore.at(folder);
    Analysis sizes = new Analysis.Sizes(DATA, new Split.Default());
    DataRecord record = new DataRecord(sizes, "", "0.1.0", new DataAnalysis.Sizes(3, 4));
    store.write(record);
    assertThat(store.read(sizes)).contains(record);
    Path file = store.dataFile(sizes);
    String old = DetailJson.write(record); // without a checksum, as earlier versions wrote it
    Files.writeString(file, old);
    assertThat(store.read(sizes)).contains(record);
    Files.writeString(file, old.replace(",\"test\":4", ""));

    assertThatThrownBy(() -> store.read(sizes)).hasMessageContaining("test");
  }

  @Test
  void detailsComeBack() throws IOException {
    RecordStore store = RecordStore.at(folder);
    ExampleDetails details =
        new ExampleDetails(
            7,
            List.of(
                new ExampleDetails.Example(3, 0.1, 1.0 / 3, 1e-300, 4, 5, 6, 1.5, 0.75, 2),
                new ExampleDetails.Example(4, 1, 2, 3, 4, 5, 6, 7, 1, 6)),
            List.of(
                new ExampleDetails.Sheet(
                    "easy",
                    3,
                    "data:a",
                    "data:b",
                    "data:c",
                    List.of(new ExampleDetails.Heavy(0.75, 2, "data:d")))));
    LatentPlane plane =
        new LatentPlane(
            2,
            -3,
            3,
            7,
            List.of(-1f, -2.5f, -3f, 0.1f),
            List.of(0, 1, 2, 6),
            List.of(1f, 0.5f, 0.99f, 1e-9f),
            List.of(new LatentPlane.Code(0, 0.5, -0.5)));
    store.write(RUN, details);
    Gallery gallery =
        new Gallery(List.of(new Gallery.Sheet("samples", 2, 8, "data:image/png;base64,AA==", "é")));
    store.write(RUN, plane);
    store.write(RUN, gallery);

    assertThat(store.readExamples(RUN)).contains(details);
    assertThat(store.readPlane(RUN)).contains(plane);
    assertThat(store.readGallery(RUN)).contains(gallery);
    assertThat(store.detailFile(Detail.LATENT_PLANE, RUN))
        .isEqualTo(folder.resolve("details/latent-plane/0123456789abcdef.json"));
    assertThat(plane.centre(0)).isEqualTo(-1.5);
    assertThat(plane.centre(1)).isEqualTo(1.5);
    assertThatThrownBy(
            () ->
                new LatentPlane(
                    2, -3, 3, 1, Collections.nCopies(4, 0f), List.of(), List.of(), List.of()))
        .hasMessage("a plane of 2 by 2 cells must have 4 values of each kind; got 4, 0, 0");
  }

  @Test
  void detailsOfAnotherRunAreNotTaken() throws IOException {
    RecordStore store = RecordStore.at(folder);
    RunId other = new RunId("f".repeat(16));
    store.write(RUN, new ExampleDetails(1, List.of(), List.of()));
    Files.copy(
        store.detailFile(Detail.MEMORISATION, RUN), store.detailFile(Detail.MEMORISATION, other));

    assertThatThrownBy(() -> store.readExamples(other))
        .hasMessageContaining(other.hex() + ".json: run must be " + other + "; got " + RUN);
  }
}
