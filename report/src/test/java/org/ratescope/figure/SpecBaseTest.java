package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Specs that are merged into a base. */
class SpecBaseTest {
  private static final String BELOW =
      """
      {
        "mark": "line",
        "encoding": {
          "x": { "field": "a", "title": "A" },
          "y": { "field": "b", "title": "B" }
        },
        "layer": [1, 2, 3]
      }
      """;

  private static JsonNode laid(Map<String, String> specs, String above) throws Exception {
    Spec spec = SpecSource.parse("above", above).resolve(library(specs));
    return new ObjectMapper().readTree(spec.with(new QueryResult(List.of(), List.of())).toString());
  }

  private static SpecSource.Library library(Map<String, String> specs) {
    return name -> {
      String text = specs.get(name);
      if (text == null) {
        throw new FigureException("got \"" + name + "\"; expected " + specs.keySet());
      }
      return SpecSource.parse(name, text);
    };
  }

  @Test
  void mergesObjectsAndReplacesAnythingElse() throws Exception {
    JsonNode spec =
        laid(
            Map.of("below", BELOW),
            """
            {
              "usermeta": { "ratescope": { "base": "below", "title": "T" } },
              "mark": { "type": "bar" },
              "encoding": { "x": { "title": null }, "color": { "field": "c" } }
            }
            """);
    assertThat(spec.at("/mark/type").asText()).isEqualTo("bar");
    assertThat(spec.at("/encoding/x/field").asText()).isEqualTo("a");
    assertThat(spec.at("/encoding/x/title").isNull()).isTrue();
    assertThat(spec.at("/encoding/y/title").asText()).isEqualTo("B");
    assertThat(spec.at("/encoding/color/field").asText()).isEqualTo("c");
    assertThat(spec.at("/usermeta/ratescope").toString()).isEqualTo("{\"title\":\"T\"}");
  }

  @Test
  void putsValuesAtPointersAlsoThroughSeveralBases() throws Exception {
    JsonNode spec =
        laid(
            Map.of(
                "below",
                BELOW,
                "middle",
                "{\"usermeta\":{\"ratescope\":{\"base\":\"below\",\"set\":{\"/layer/1\":20,\"/layer/-\":4}}}}"),
            "{\"usermeta\":{\"ratescope\":{\"base\":\"middle\",\"set\":{\"/layer/3\":40,\"/encoding/y\":{\"datum\":0}}}}}");
    assertThat(spec.at("/layer").toString()).isEqualTo("[1,20,3,40]");
    assertThat(spec.at("/encoding/y").toString()).isEqualTo("{\"datum\":0}");
  }

  @Test
  void errorsNameFileAndLine() {
    Map<String, String> specs =
        Map.of(
            "below", BELOW,
            "round", "{\"usermeta\":{\"ratescope\":{\"base\":\"again\"}}}",
            "again", "{\"usermeta\":{\"ratescope\":{\"base\":\"round\"}}}");
    assertThatThrownBy(
            () -> laid(specs, "{\n\"usermeta\": { \"ratescope\": {\n\"base\": \"blow\" } } }"))
        .isInstanceOf(FigureException.class)
        .hasMessageStartingWith("above, line 3: base: got \"blow\"; expected [");
    assertThatThrownBy(() -> laid(specs, "{\"usermeta\":{\"ratescope\":{\"base\":\"round\"}}}"))
        .isInstanceOf(FigureException.class)
        .hasMessage("again, line 1: base 'round' is its own base");
    for (String pointer : List.of("/layer/3", "/nowhere/x", "/mark/type")) {
      assertThatThrownBy(
              () ->
                  laid(
                      specs,
                      "{\n\"usermeta\":{\"ratescope\":{\"base\":\"below\",\n\"set\":{\""
                          + pointer
                          + "\":1}}}}"))
          .isInstanceOf(FigureException.class)
          .hasMessage("above, line 3: '%s' is not a place in the spec or its base", pointer);
    }
    assertThatThrownBy(() -> laid(specs, "{\"usermeta\":{\"ratescope\":{\"set\":{\"layer\":1}}}}"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("got \"layer\"; expected a JSON pointer");
  }

  @Test
  void anUnknownFieldIsReportedWithItsFile() throws Exception {
    Spec spec =
        SpecSource.parse(
                "above",
                """
                {
                  "usermeta": { "ratescope": { "base": "below" } },
                  "encoding": { "x": { "field": "c" } }
                }
                """)
            .resolve(library(Map.of("below", BELOW)));
    spec.check(List.of("b", "c"));
    assertThatThrownBy(() -> spec.check(List.of("b")))
        .hasMessageStartingWith("above, line 3: field 'c'");
    assertThatThrownBy(() -> spec.check(List.of("c")))
        .hasMessageStartingWith("below, line 5: field 'b'");
  }

  private static void figure(Path folder, String name, String query, String spec)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    Files.writeString(own.resolve("query.sql"), query);
    Files.writeString(own.resolve("spec.vl.json"), spec);
  }

  @Test
  void aUsersFigureCanBeBasedOnABuiltInOneOrOnItsNeighbour(@TempDir Path folder) throws Exception {
    String query =
        """
        with selection as (
          select *, architecture_label as column_label, split_label as colour_label, split_index as colour_order
          from results where subset = 'test'
        )
        from rate_distortion(selection)
        """;
    figure(
        folder,
        "mine",
        query,
        "{\"usermeta\":{\"ratescope\":{\"base\":\"rd-curves\"}},\"spec\":{\"width\":200}}");
    figure(
        folder,
        "rate-distortion",
        query.replace("test", "train"),
        "{\"usermeta\":{\"ratescope\":{\"base\":\"mine\",\"title\":\"Training\"}}}");
    Study study = Generated.small(2);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    try (Records records = Records.open(Suite.of(study), store)) {
      DrawnFigure figure = Figure.find("rate-distortion", folder).draw(Suite.of(study), records);
      assertThat(figure.title()).isEqualTo("Training");
      assertThat(figure.remarks()).isEmpty();
      assertThat(figure.svg())
          .contains("3-layer MLP (256 units)", "CV (8k/156k)", "M0.5,0.5h200v250");
      assertThat(Figure.find("mine", folder).name()).isEqualTo("mine");
    }
  }

  @Test
  void aFigureThatReplacesABuiltInOneCanBeBasedOnIt(@TempDir Path folder) throws Exception {
    figure(
        folder,
        "training",
        "select 1 as row_label",
        "{\"usermeta\":{\"ratescope\":{\"base\":\"training\",\"title\":\"Mine\"}}}");
    Study study = Generated.small(1);
    try (Records records = Records.open(Suite.of(study), RecordStore.at(folder))) {
      assertThatThrownBy(() -> Figure.find("training", folder).draw(Suite.of(study), records))
          .hasMessageStartingWith("training/spec.vl.json (built in), line ")
          .hasMessageContaining("field 'row_order'");
    }
  }

  @Test
  void aSelectionThatLacksANumberIsAnErrorOfTheUsersLine(@TempDir Path folder) throws Exception {
    try (Records records = Records.open(Suite.of(Generated.small(1)), RecordStore.at(folder))) {
      assertThatThrownBy(
              () ->
                  records.query(
                      "with s as (select run, subset, rate from results)\nfrom rate_distortion(s)"))
          .isInstanceOf(QueryException.class)
          .hasMessageStartingWith("line 2: ")
          .hasMessageContaining("distortion");
    }
  }
}
