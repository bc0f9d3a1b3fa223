package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Files for a paper: PDF, LaTeX, captions, a given width. */
class PaperFilesTest {
  private static final Study STUDY = Generated.small(2);

  @TempDir static Path folder;
  private static Records records =
      Records.open(Suite.of(Generated.small(1)), RecordStore.at(Path.of("no such folder")));

  @BeforeAll
  static void write() throws IOException {
    records.close();
    records =
        Records.open(
            Suite.of(STUDY), Generated.write(STUDY, RecordStore.at(folder.resolve("results"))));
  }

  @AfterAll
  static void close() {
    records.close();
  }

  private static Path file(String name, double width, FigureFormat format) throws Exception {
    DrawnFigure figure = Figure.find(name, folder).draw(Suite.of(STUDY), records, width);
    Path place = folder.resolve(name + width);
    return figure.write(place, EnumSet.of(format), OptionalDouble.of(width)).getFirst();
  }

  @Test
  void aPdfHasTheWidthTheTextAndTheFonts() throws Exception {
    Path file = file("rate-distortion", 3.25, FigureFormat.PDF);
    try (PDDocument pdf = Loader.loadPDF(file.toFile())) {
      assertThat(pdf.getNumberOfPages()).isEqualTo(1);
      assertThat(pdf.getPage(0).getMediaBox().getWidth()).isCloseTo(3.25f * 72, within(0.01f));
      String text = new PDFTextStripper().getText(pdf);
      assertThat(text).contains("1-layer MLP (256 units)", "β = 4", "−");
      List<PDFont> fonts = new ArrayList<>();
      for (COSName name : pdf.getPage(0).getResources().getFontNames()) {
        fonts.add(pdf.getPage(0).getResources().getFont(name));
      }
      assertThat(fonts).isNotEmpty().allMatch(PDFont::isEmbedded);
      assertThat(fonts).allMatch(font -> font.getName().matches("[A-Z]{6}\\+Inter.*"));
    }
    byte[] first = Files.readAllBytes(file);
    assertThat(Files.readAllBytes(file("rate-distortion", 3.25, FigureFormat.PDF)))
        .as("the same bytes again")
        .isEqualTo(first);
  }

  @Test
  void aColumnHasTheNarrowLayoutAndAPageTheWideOne() throws Exception {
    DrawnFigure column =
        Figure.find("distortion-beta", folder).draw(Suite.of(STUDY), records, 3.25);
    DrawnFigure page = Figure.find("distortion-beta", folder).draw(Suite.of(STUDY), records, 6.75);
    assertThat(column.width()).isLessThan(400);
    assertThat(page.width()).isGreaterThan(600);
    BufferedImage png = ImageIO.read(file("distortion-beta", 3.25, FigureFormat.PNG).toFile());
    assertThat(png.getWidth()).as("300 pixels for each inch").isEqualTo(975);
    assertThat(Files.readString(file("distortion-beta", 3.25, FigureFormat.SVG)))
        .containsPattern("<svg[^>]* width=\"3\\.25in\"");
  }

  /** Every character of the drawing is in one of the fonts of the file. */
  @Test
  void anSvgHasTheFontsThatItUses() throws Exception {
    String svg =
        Figure.find("distortion-beta", folder).draw(Suite.of(STUDY), records).svgWithFonts();
    assertThat(svg).contains("@font-face{font-family:Inter;font-weight:100 500;unicode-range:U+");
    assertThat(svg).contains("U+3B2").contains("font-weight:600 900");
    assertThat(svg.length()).isLessThan(300_000);
  }

  @Test
  void theCaptionIsText() throws Exception {
    DrawnFigure figure = Figure.find("distortion-beta", folder).draw(Suite.of(STUDY), records);
    Path file =
        figure
            .write(folder.resolve("text"), EnumSet.of(FigureFormat.TXT), OptionalDouble.empty())
            .getFirst();
    assertThat(Files.readString(file))
        .startsWith(
            "Distortion against β\n\nDistortion against β on the training and the test set.")
        .endsWith(" all finished.\n")
        .doesNotContain("paper's scale");
  }

  @Test
  void aTabularEscapesAndRounds() {
    QueryResult table =
        new QueryResult(
            List.of("split", "β", "D_sd"),
            List.of(
                Arrays.asList("CV 50% {a}", 0.001, 12.34567),
                Arrays.asList("x & y", 3.0, null),
                Arrays.asList("[a|b]", 0.25, 1.5),
                Arrays.asList("−1 < 2 > 0", -1234567.0, 0.0)));
    assertThat(TexTable.of(table))
        .isEqualTo(
            """
            \\begin{tabular}{lrr}
            \\hline
            split & $\\beta$ & D\\_sd \\\\
            \\hline
            CV 50\\% \\{a\\} & 0.001 & 12.35 \\\\
            x \\& y & 3 &  \\\\
            {[}a\\textbar{}b] & 0.25 & 1.5 \\\\
            $-$1 $<$ 2 $>$ 0 & $-$1235000 & 0 \\\\
            \\hline
            \\end{tabular}
            """);
  }
}
