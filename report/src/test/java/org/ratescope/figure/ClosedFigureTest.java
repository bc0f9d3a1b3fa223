package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.figure.svg.InertSvg;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Figures from an untrusted author: they draw the rows of their query, and access nothing else. */
class ClosedFigureTest {
  private static final Study STUDY = Generated.small(1);
  private static final String PIXEL =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  @TempDir Path folder;

  private Path own(String name, String query, String spec) throws IOException {
    Path own = Files.createDirectories(folder.resolve("study/figures").resolve(name));
    Files.writeString(own.resolve("query.sql"), query);
    Files.writeString(own.resolve("spec.vl.json"), spec);
    return own;
  }

  private DrawnFigure draw(String query, String spec) throws Exception {
    own("mine", query, spec);
    try (Records records =
        Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("results")))) {
      return Figure.find("mine", folder.resolve("study/figures")).draw(Suite.of(STUDY), records);
    }
  }

  private static String layer(String mark) {
    return "{\"layer\": [{\"mark\": \"point\"}, " + mark + "]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "data | {\"data\": {\"url\": \"http://127.0.0.1:1/x.csv\"}, \"mark\": \"point\"}",
        "data | {\"data\": {\"values\": []}, \"mark\": \"point\"}",
        "data | {\"data\": {\"sphere\": true}, \"mark\": \"geoshape\"}",
        "data | {\"mark\": \"point\", \"transform\": [{\"lookup\": \"a\", \"from\": {\"data\":"
            + " {\"url\": \"x.csv\"}, \"key\": \"k\"}}]}",
        "datasets | {\"mark\": \"point\", \"datasets\": {\"d\": []}}",
        "href | {\"mark\": {\"type\": \"point\", \"href\": \"javascript:alert(1)\"}}",
        "href | {\"mark\": \"point\", \"encoding\": {\"href\": {\"field\": \"a\"}}}",
        "href | {\"mark\": \"point\", \"encoding\": {\"href\": {\"value\":"
            + " \"https://localhost/\"}}}",
        "url | {\"mark\": {\"type\": \"image\", \"url\": \"http://127.0.0.1:1/x.png\"}}",
        "url | {\"mark\": {\"type\": \"image\", \"url\": \"//127.0.0.1:1/x.png\"}}",
        "url | {\"mark\": \"image\", \"encoding\": {\"url\": {\"value\": \"file:///etc/passwd\"}}}",
        "url | {\"mark\": \"image\", \"encoding\": {\"url\": {\"value\": \"data:text/html,x\"}}}",
      })
  void refusesDataLinksAndExternalPicturesAtAnyDepth(String key, String mark) {
    assertThatThrownBy(() -> draw("select 1 as a", layer(mark)))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("spec.vl.json, line 1: ")
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"mark\": {\"type\": \"image\", \"url\": {\"expr\": \"'http://127.0.0.1:1/' +"
            + " datum.a\"}}}",
        "{\"mark\": \"image\", \"encoding\": {\"url\": {\"field\": \"far\"}}}",
        "{\"mark\": \"image\", \"transform\": [{\"calculate\": \"'file:///' + datum.a\", \"as\":"
            + " \"u\"}], \"encoding\": {\"url\": {\"field\": \"u\"}}}",
      })
  void refusesComputedAddresses(String spec) {
    assertThatThrownBy(() -> draw("select 1 as a, 'https://127.0.0.1:1/' as far", spec))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("expected pictures that begin with data:image/ and no links");
  }

  @Test
  void drawsPicturesOfItsRows() throws Exception {
    String spec = "{\"mark\": \"image\", \"encoding\": {\"url\": {\"field\": \"picture\"}}}";
    assertThat(draw("select '%s' as picture union all select null".formatted(PIXEL), spec).svg())
        .contains(PIXEL);
  }

  @Test
  void removesOptionsForTheViewer() throws Exception {
    DrawnFigure figure =
        draw(
            "select 1 as a",
            """
            {
              "$schema": "https://vega.github.io/schema/vega/v6.json",
              "usermeta": {
                "embedOptions": { "actions": true, "sourceHeader": "<script>alert(1)</script>" },
                "ratescope": { "title": "T" }
              },
              "mark": "point"
            }
            """);
    assertThat(figure.spec())
        .contains("\"title\":\"T\"")
        .doesNotContain("embedOptions")
        .doesNotContain("schema");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a xlink:href=\"javascript:alert(1)\"><path d=\"M0,0\"/></a>",
        "<a href=\"https://127.0.0.1/\"><path d=\"M0,0\"/></a>",
        "<image xlink:href=\"http://127.0.0.1/x.png\"/>",
        "<image href=\"file:///etc/passwd\"/>",
        "<path d=\"M0,0\" fill=\"url(http://127.0.0.1/x.svg#a)\"/>",
        "<path d=\"M0,0\" style=\"cursor: url('http://127.0.0.1/c.cur'), auto\"/>",
        "<path d=\"M0,0\" style=\"cursor: u\\72l(http://127.0.0.1/c.cur)\"/>",
        "<path d=\"M0,0\" onclick=\"alert(1)\"/>",
        "<script>alert(1)</script>",
        "<style>@import 'http://127.0.0.1/';</style>",
        "<foreignObject><iframe src=\"http://127.0.0.1/\"/></foreignObject>",
        "<use href=\"http://127.0.0.1/x.svg#a\"/>",
      })
  void removesExternalReferencesFromAnSvg(String part) {
    String svg = InertSvg.of("<svg><g><path d=\"M1,1\"/>" + part + "</g></svg>");
    assertThat(svg).contains("M1,1").doesNotContainIgnoringCase("127.0.0.1");
    assertThat(svg)
        .doesNotContain("alert")
        .doesNotContain("passwd")
        .doesNotContain("href")
        .doesNotContain("script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<path clip-path=\"url(#clip0)\" d=\"M0,0\"/>",
        "<text aria-label=\"url(http://x) \\ on=\">url(http://x) \\ href=\"http:\"</text>",
        "<image xlink:href=\"data:image/png;base64,AA\"/>",
      })
  void keepsInertContentByteForByte(String part) {
    String svg = "<svg><g>" + part + "</g></svg>";
    assertThat(InertSvg.of(svg)).isEqualTo(svg);
  }

  @Test
  void readsNoFileOutsideTheStudy() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "a secret\n");
    Path own = own("mine", "select 1 as a", "{\"mark\": \"point\"}");
    Files.delete(own.resolve("query.sql"));
    Files.createSymbolicLink(own.resolve("query.sql"), secret);
    assertThatThrownBy(() -> Figure.find("mine", own.resolveSibling("")))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("query.sql links to")
        .hasMessageNotContaining("a secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../..", "../../other/figures/x", "/etc", ""})
  void aBaseIsAFigureBesideIt(String base) throws Exception {
    Path other = Files.createDirectories(folder.resolve("other/figures/x"));
    Files.writeString(other.resolve("spec.vl.json"), "{\"mark\": \"bar\"}");
    Path own =
        own(
            "mine",
            "select 1 as a",
            "{\"usermeta\": {\"ratescope\": {\"base\": \"%s\"}}}".formatted(base));
    assertThatThrownBy(() -> Figure.read(own))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("expected gap, rate-distortion");
  }

  @Test
  void reportsAFigureThatReplacesABuiltInOne() throws Exception {
    own("training", "select 1 as a", "{\"mark\": \"point\"}");
    own("mine", "select 1 as a", "{\"mark\": \"point\"}");
    Path figures = folder.resolve("study/figures");
    assertThat(Figure.replacement("training", figures))
        .contains(
            "figure training: %s replaces the built-in figure"
                .formatted(figures.resolve("training")));
    assertThat(List.of("mine", "rate-distortion"))
        .allSatisfy(name -> assertThat(Figure.replacement(name, figures)).isEmpty());
  }
}
