package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.claim.Claim;
import org.ratescope.claim.Verdict;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordArchive;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.Records;
import org.ratescope.study.Overrides;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;

/** The gallery, and figures that are rebuilt from published records beside its data. */
class FigureGalleryTest {
  private static final Path PAPER = Path.of("..", "studies", "paper");
  private static final Path PAGE = Path.of("..", "docs", "paper-gallery.md");
  private static final List<String> THREE =
      List.of("rate-distortion", "distortion-beta", "information-beta");

  @TempDir Path folder;

  private static Verdict verdict(String id, String figure, Verdict.Outcome outcome) {
    Claim claim =
        new Claim(
            id,
            "4.4",
            List.of(figure),
            List.of(),
            "It falls.",
            "It is < 1.",
            "",
            evidence -> new Claim.Judgement(true, ""));
    return new Verdict(claim, outcome, "0.5 * 2 < 1");
  }

  private static List<DrawnFigure> drawn(Suite suite, Records records, List<String> names)
      throws Exception {
    List<DrawnFigure> figures = new ArrayList<>();
    for (String name : names) {
      figures.add(Figure.find(name, PAPER.resolve("figures")).draw(suite, records));
    }
    return figures;
  }

  /** The same cells; numbers to a relative 1e-9, since sums may have another order. */
  private static void assertSameData(String csv, String committed) {
    List<String> now = csv.lines().toList();
    List<String> then = committed.lines().toList();
    assertThat(now).hasSameSizeAs(then);
    for (int row = 0; row < now.size(); row++) {
      String[] cells = now.get(row).split(",", -1);
      String[] expected = then.get(row).split(",", -1);
      assertThat(cells).hasSameSizeAs(expected);
      for (int column = 0; column < cells.length; column++) {
        if (!cells[column].equals(expected[column])) {
          double value = Double.parseDouble(expected[column]);
          assertThat(Double.parseDouble(cells[column]))
              .as("line %d: %s", row + 1, now.get(row))
              .isCloseTo(value, within(1e-9 * (1 + Math.abs(value))));
        }
      }
    }
  }

  @Test
  void thePageHasPicturesSentencesAndVerdicts() throws Exception {
    Suite suite = Suite.of(Generated.small(1));
    RecordStore store = Generated.write(Generated.small(1), RecordStore.at(folder.resolve("r")));
    Path page = folder.resolve("gallery.md");
    List<Verdict> verdicts =
        List.of(
            verdict("3b", "", Verdict.Outcome.HOLDS),
            verdict("A5", "A5", Verdict.Outcome.NOT_TRAINED));
    try (Records records = Records.open(suite, store)) {
      new FigureGallery(
              suite, records, drawn(suite, records, THREE), verdicts, "ratescope report x")
          .write(page);
    }
    String text = Files.readString(page);
    assertThat(text)
        .startsWith("# Gallery\n\nThe 3 figures and tables of generated, drawn from records of")
        .contains("the study file without a profile", "runs are finished", "ratescope report x")
        .contains("| 3b | holds |", "| A5 | not trained far enough |", "1 of 2 claims hold.")
        .contains("![Rate–distortion curves](gallery/rate-distortion.png)")
        .contains("Rate-distortion curves on the training and the test set. [Data](gallery/")
        .contains("Claim 3b, **holds**: It falls. (0.5 \\* 2 \\< 1)")
        .contains("Not drawn: no record has its data. Mutual information")
        .doesNotContain("Claim A5, **", "information-beta.png");
    assertThat(text.lines()).allMatch(line -> line.length() <= 120 || line.startsWith("!["));
    assertThat(folder.resolve("gallery").resolve("rate-distortion.png")).exists();
    assertThat(folder.resolve("gallery").resolve("information-beta.png")).doesNotExist();
  }

  /** From the records to one file, to a results folder, to the same data. */
  @Test
  void figuresRebuiltFromPublishedRecordsHaveTheDataOfThePictures() throws Exception {
    Suite suite = Suite.of(Generated.small(2));
    RecordStore store = Generated.write(Generated.small(2), RecordStore.at(folder.resolve("r")));
    Path page = folder.resolve("gallery.md");
    try (Records records = Records.open(suite, store)) {
      new FigureGallery(suite, records, drawn(suite, records, THREE), List.of(), "x").write(page);
    }
    RecordStore rebuilt = RecordStore.at(folder.resolve("unpacked"));
    for (Path archive : RecordArchive.write(suite, store, folder.resolve("records"))) {
      RecordArchive.unpack(archive, rebuilt);
    }
    try (Records records = Records.open(suite, rebuilt)) {
      for (DrawnFigure figure : drawn(suite, records, THREE)) {
        assertSameData(figure.csv().toCsv(), data(page, figure.name()));
      }
    }
  }

  private static String data(Path page, String figure) throws Exception {
    return Files.readString(FigureGallery.folder(page.toAbsolutePath()).resolve(figure + ".csv"));
  }

  /** The gallery in docs, once the records that it was written from are published. */
  @Test
  void theGalleryHasTheDataOfThePublishedRecords() throws Exception {
    Path published = PAPER.resolve("records");
    assumeTrue(
        Files.isDirectory(published) && Files.exists(PAGE), "skipped: no records are published");
    Matcher profile =
        Pattern.compile("the profile\\s\\*\\*(\\S+)\\*\\*").matcher(Files.readString(PAGE));
    assertThat(profile.find()).as("the gallery names its profile").isTrue();
    Suite suite =
        SuiteFolder.read(
            PAPER,
            profile.group(1),
            new StudyFile.Vocabulary(
                Estimators.standard().names(), Figure.names(PAPER.resolve("figures")), ""),
            Overrides.parse("--set", List.of()));
    RecordStore store = RecordStore.at(folder.resolve("published"));
    for (Path archive : RecordArchive.in(published)) {
      RecordArchive.unpack(archive, store);
    }
    try (Records records = Records.open(suite, store)) {
      for (DrawnFigure figure : drawn(suite, records, List.of("3", "8", "A19"))) {
        assertThat(figure.table().rows()).as(figure.name()).isNotEmpty();
        assertSameData(figure.csv().toCsv(), data(PAGE, figure.name()));
      }
    }
  }
}
