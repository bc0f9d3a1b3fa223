package org.ratescope.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.QueryException;
import org.ratescope.figure.Records;
import org.ratescope.figure.Table;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Suite;

/** The text of {@code report.html}: the template page.html with everything it needs inside it. */
record Page(
    Suite suite,
    Records records,
    Findings findings,
    List<DrawnFigure> figures,
    List<String> problems) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private static final String RUNS =
      """
      select run, split_label as split, architecture_label as architecture, latent_size as latent,
        beta_mi, beta_kl, seed, outcome, runs.step as step,
        test.distortion as test_distortion, test.rate as test_rate, test.elbo as test_elbo,
        train.distortion as train_distortion, train.rate as train_rate, train.elbo as train_elbo,
        message
      from runs
        left join (select run, distortion, rate, elbo from results where half = 'test') test using (run)
        left join (select run, distortion, rate, elbo from results where half = 'train') train using (run)
      order by runs.split_index, runs.architecture_index, latent, beta_mi, beta_kl, runs.seed
      """;

  private static final String ESTIMATES =
      """
      select split_label as split, architecture_label as architecture, latent_size as latent,
        beta_mi, beta_kl, name as estimate, half, avg("value") as mean, stddev_samp("value") as sd,
        count(*) as restarts, unit, settings
      from runs join estimates using (run)
      where outcome = 'finished'
      group by split_index, split_label, architecture_index, architecture_label, latent_size,
        beta_mi, beta_kl, name, half, unit, settings
      order by estimate, split_index, architecture_index, latent, beta_mi, beta_kl, half desc
      """;

  private static final String PROVENANCE =
      """
      select count(*) as runs, ratescope, jvm, libtorch, blas, device, data_sha256
      from runs where outcome <> 'missing'
      group by all order by runs desc
      """;

  String html() {
    Map<String, String> slots =
        Map.ofEntries(
            Map.entry("title", escape(suite.title())),
            Map.entry("subtitle", escape(subtitle())),
            Map.entry("style", fonts() + text("page.css")),
            Map.entry("findings", paragraphs(findings.sentences())),
            Map.entry("problems", problems.isEmpty() ? "" : problemList()),
            Map.entry("figures", figures.stream().map(Page::figure).collect(Collectors.joining())),
            Map.entry("settings", settings()),
            Map.entry("estimates", estimates()),
            Map.entry("provenance", rows(ask(PROVENANCE), 0)),
            Map.entry("vega", script("js/vega.min.js")),
            Map.entry("vegaLite", script("js/vega-lite.min.js")),
            Map.entry("vegaEmbed", script("js/vega-embed.min.js")),
            Map.entry("data", inScript(data().toString())),
            Map.entry("script", text("page.js")));
    return SLOT.matcher(text("page.html"))
        .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), "")));
  }

  private String subtitle() {
    String data = suite.data().stream().map(DataSpec::text).collect(Collectors.joining("; "));
    return suite.name() + suite.profile().map(p -> ", profile " + p).orElse("") + ", " + data;
  }

  /** The settings of a study; those of each where there are several, folded. */
  private String settings() {
    if (suite.studies().size() == 1) {
      return table(Settings.rows(suite.studies().getFirst()));
    }
    return suite.studies().stream()
        .map(
            study ->
                "<details><summary>%s: %s</summary>%s</details>\n"
                    .formatted(
                        escape(study.name()), escape(study.title()), table(Settings.rows(study))))
        .collect(Collectors.joining());
  }

  private static String table(String rows) {
    return "<div class=\"scroll\"><table class=\"plain\">" + rows + "</table></div>";
  }

  private ObjectNode data() {
    try {
      ObjectNode data = MAPPER.createObjectNode();
      ObjectNode themes = data.putObject("themes");
      for (String theme : List.of("light", "dark")) {
        themes.set(theme, MAPPER.readTree(DrawnFigure.theme(theme)));
      }
      ObjectNode specs = data.putObject("specs");
      for (DrawnFigure figure : figures) {
        specs.set(figure.name(), MAPPER.readTree(figure.spec()));
      }
      data.set("runs", MAPPER.readTree(ask(RUNS).toJson()));
      return data;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was written as JSON can be read", e);
    }
  }

  private Table ask(String sql) {
    try {
      return records.query(sql);
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }

  private static String figure(DrawnFigure figure) {
    String file = "figures/" + escape(figure.name());
    return """
        <figure id="figure-%1$s">
        <h3>%2$s</h3>
        <div class="scroll"><div class="chart" data-figure="%1$s"></div></div>
        <noscript><img src="%3$s.png" alt="%2$s"></noscript>
        <figcaption>%4$s <span class="files"><a href="%3$s.svg">SVG</a> <a href="%3$s.png">PNG</a> <a href="%3$s.csv">CSV</a></span></figcaption>
        </figure>
        """
        .formatted(escape(figure.name()), escape(figure.title()), file, escape(figure.caption()));
  }

  private String problemList() {
    String items =
        problems.stream().map(p -> "<li>" + escape(p) + "</li>").collect(Collectors.joining("\n"));
    return "<section class=\"problems\"><h2>Problems</h2><ul>" + items + "</ul></section>";
  }

  /** A folded table for each estimate, so that a study with many stays short. */
  private String estimates() {
    Table table = ask(ESTIMATES);
    int name = table.column("estimate");
    Map<String, List<List<@Nullable Object>>> byName =
        table.rows().stream()
            .collect(
                Collectors.groupingBy(
                    row -> String.valueOf(row.get(name)), LinkedHashMap::new, Collectors.toList()));
    return byName.entrySet().stream()
        .map(
            entry ->
                """
                <details><summary>%s</summary>
                <div class="scroll"><table class="plain">
                %s</table></div></details>
                """
                    .formatted(
                        escape(entry.getKey()),
                        rows(new Table(table.columns(), entry.getValue()), 5)))
        .collect(Collectors.joining());
  }

  /** A table's head and rows; numbers are rounded to that many significant digits, 0 for all. */
  private static String rows(Table table, int digits) {
    StringBuilder html = new StringBuilder("<tr>");
    table.columns().forEach(c -> html.append("<th>").append(c.replace('_', ' ')).append("</th>"));
    html.append("</tr>\n");
    for (List<@Nullable Object> row : table.rows()) {
      html.append("<tr>");
      row.forEach(v -> html.append("<td>").append(escape(cell(v, digits))).append("</td>"));
      html.append("</tr>\n");
    }
    return html.toString();
  }

  private static String cell(@Nullable Object value, int digits) {
    if (value == null) {
      return "";
    }
    return value instanceof Double number && digits > 0 && Double.isFinite(number)
        ? new BigDecimal(number).round(new MathContext(digits)).stripTrailingZeros().toPlainString()
        : value.toString();
  }

  private static String paragraphs(List<String> sentences) {
    return sentences.stream()
        .map(s -> "<li>" + escape(s) + "</li>")
        .collect(Collectors.joining("\n", "<ul>", "</ul>"));
  }

  /** The bundled typeface, so that the page looks as its figures were measured. */
  private static String fonts() {
    StringBuilder css = new StringBuilder();
    for (String weight : List.of("400", "600")) {
      css.append(face("greek", weight, "U+0370-03FF"));
      css.append(face("latin", weight, "U+0000-036F, U+2000-2FFF"));
    }
    return css.toString();
  }

  private static String face(String script, String weight, String range) {
    byte[] file =
        bytes("/org/ratescope/figure/fonts/inter-%s-%s-normal.woff".formatted(script, weight));
    return "@font-face{font-family:Inter;font-weight:%s;unicode-range:%s;src:url(data:font/woff;base64,%s)}\n"
        .formatted(weight, range, Base64.getEncoder().encodeToString(file));
  }

  private static String script(String resource) {
    return text(resource)
        .replaceAll("(?m)^//# sourceMappingURL=.*$", "")
        .replace("</script", "<\\/script");
  }

  /** Inside a script element nothing may look like its end tag. */
  static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String text(String resource) {
    return new String(bytes(resource), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = Page.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its file " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
