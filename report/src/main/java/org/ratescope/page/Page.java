package org.ratescope.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.results.Version;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

/**
 * The text of {@code report.html}: the template page.html with everything that it needs. Large data
 * are in blocks of JSON that the page parses when it shows them.
 */
record Page(
    Suite suite,
    Records records,
    List<Section> sections,
    List<DrawnFigure> figures,
    List<String> problems) {
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private static final String CITATION =
      "A. Bozkurt, B. Esmaeili, J.-B. Tristan, D. H. Brooks, J. G. Dy, J.-W. van de Meent: Rate-Regularization and Generalization in Variational Autoencoders. AISTATS 2021.";

  private static final String PROVENANCE =
      """
      select count(*) as runs, ratescope, jvm, libtorch, blas, device, data_label as data, data_sha256
      from runs where outcome <> 'missing'
      group by all order by runs desc
      """;

  String html() {
    PageData data = new PageData(records, figures);
    Map<String, String> scripts = scripts();
    Map<String, String> slots =
        Map.ofEntries(
            Map.entry("title", escape(suite.title())),
            Map.entry("subtitle", escape(subtitle())),
            Map.entry("style", fonts() + text("page.css")),
            Map.entry("index", Index.of(sections, figures).html()),
            Map.entry(
                "sections", sections.stream().map(Page::section).collect(Collectors.joining())),
            Map.entry("problems", problems.isEmpty() ? "" : problemList()),
            Map.entry(
                "figures",
                figures.stream()
                    .filter(Index::isInFigures)
                    .map(figure -> figure(figure, suite.isSingle()))
                    .collect(Collectors.joining())),
            Map.entry("settings", settings()),
            Map.entry("estimates", estimates(data.estimateNames())),
            Map.entry("provenance", rows(ask(PROVENANCE))),
            Map.entry("footer", footer()),
            Map.entry("policy", policy(scripts.values())),
            Map.entry("data", blocks(data.blocks())));
    return SLOT.matcher(text("page.html"))
        .replaceAll(
            slot -> {
              String name = slot.group(1);
              return Matcher.quoteReplacement(
                  slots.getOrDefault(name, scripts.getOrDefault(name, "")));
            });
  }

  private static Map<String, String> scripts() {
    return Map.of(
        "vega", script("js/vega.min.js"),
        "vegaLite", script("js/vega-lite.min.js"),
        "vegaEmbed", script("js/vega-embed.min.js"),
        "interaction", script("interaction.js"),
        "script", script("page.js"));
  }

  /**
   * The page runs only its own scripts, identified by their hashes, and sends no requests. Vega
   * interprets its expressions and needs no 'unsafe-eval'.
   */
  private static String policy(Collection<String> scripts) {
    return "default-src 'none'; script-src %s; style-src 'unsafe-inline'; img-src data:; font-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'"
        .formatted(scripts.stream().map(Page::hash).sorted().collect(Collectors.joining(" ")));
  }

  private static String hash(String script) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = digest.digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(bytes) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private String subtitle() {
    List<String> parts = new ArrayList<>();
    parts.add(suite.name());
    suite.profile().ifPresent(profile -> parts.add("profile " + profile));
    ask("select distinct data_label, data_index from runs order by data_index").rows().stream()
        .map(row -> String.valueOf(row.getFirst()))
        .distinct()
        .forEach(parts::add);
    return String.join(", ", parts);
  }

  /** What made the page, and what to cite. */
  private static String footer() {
    return "<p>Written by Ratescope %s<span id=\"written\"></span>. The runs' own versions are under Provenance.</p>%n<p>To cite the method: %s</p>%n"
        .formatted(escape(Version.RATESCOPE), escape(CITATION));
  }

  private static String section(Section section) {
    return "<section id=\"%s\">%n<h2>%s</h2>%n%s%n</section>%n"
        .formatted(escape(section.id()), escape(section.heading()), section.html());
  }

  private static String blocks(Map<String, String> blocks) {
    return blocks.entrySet().stream()
        .map(
            block ->
                "<script type=\"application/json\" id=\"%s\">%s</script>%n"
                    .formatted(escape(block.getKey()), inScript(block.getValue())))
        .collect(Collectors.joining());
  }

  /** The settings of a study; for several studies, collapsed settings of each. */
  private String settings() {
    if (suite.studies().size() == 1) {
      return table(StudySettings.rows(suite.studies().getFirst()));
    }
    return suite.studies().stream()
        .map(
            study ->
                "<details><summary>%s: %s</summary>%s</details>%n"
                    .formatted(
                        escape(study.name()),
                        escape(study.title()),
                        table(StudySettings.rows(study))))
        .collect(Collectors.joining());
  }

  private static String table(String rows) {
    return "<div class=\"scroll\"><table class=\"plain\">" + rows + "</table></div>";
  }

  private QueryResult ask(String sql) {
    try {
      return records.query(sql);
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }

  /**
   * A figure with its caption and its files.
   *
   * @param embedded whether the page contains the files, so that they go with it; else it links to
   *     the folder beside it
   */
  static String figure(DrawnFigure figure, boolean embedded) {
    String file = "figures/" + escape(figure.name());
    String name = escape(figure.name());
    String files =
        embedded
            ? download(
                    name,
                    "SVG",
                    "image/svg+xml",
                    figure.svgWithFonts().getBytes(StandardCharsets.UTF_8))
                + download(name, "PNG", "image/png", figure.png())
                + download(
                    name, "CSV", "text/csv", figure.csv().toCsv().getBytes(StandardCharsets.UTF_8))
            : "<a href=\"%1$s.svg\">SVG</a> <a href=\"%1$s.png\">PNG</a> <a href=\"%1$s.csv\">CSV</a>"
                .formatted(file);
    return """
    <figure id="figure-%1$s">
    <h3>%2$s</h3>
    <div class="scroll"><div class="chart" data-figure="%1$s" role="group" aria-label="%2$s" style="min-height:%5$spx"></div></div>
    <noscript><a href="%3$s.png">The picture</a></noscript>
    <figcaption>%4$s <span class="files">%6$s</span></figcaption>
    </figure>
    """
        .formatted(
            name, escape(figure.heading()), file, escape(figure.caption()), figure.height(), files);
  }

  private static String download(String name, String form, String type, byte[] content) {
    return "<a download=\"%s.%s\" href=\"data:%s;base64,%s\">%s</a> "
        .formatted(
            name,
            form.toLowerCase(Locale.ROOT),
            type,
            Base64.getEncoder().encodeToString(content),
            form);
  }

  private String problemList() {
    String items =
        problems.stream().map(p -> "<li>" + escape(p) + "</li>").collect(Collectors.joining("\n"));
    return "<section class=\"problems\"><h2>Problems</h2><ul>" + items + "</ul></section>";
  }

  /** A collapsed table for each estimate, filled when it is opened. */
  private static String estimates(List<String> names) {
    return names.stream()
        .map(
            name ->
                "<details data-estimate=\"%1$s\"><summary>%1$s</summary><div class=\"scroll\"><table class=\"plain\"></table></div></details>%n"
                    .formatted(escape(name)))
        .collect(Collectors.joining());
  }

  private static String rows(QueryResult table) {
    StringBuilder html = new StringBuilder("<tr>");
    table.columns().forEach(c -> html.append("<th>").append(c.replace('_', ' ')).append("</th>"));
    html.append("</tr>\n");
    for (List<@Nullable Object> row : table.rows()) {
      html.append("<tr>");
      row.forEach(
          v -> html.append("<td>").append(escape(v == null ? "" : v.toString())).append("</td>"));
      html.append("</tr>\n");
    }
    return html.toString();
  }

  /** The bundled typeface, so that text has the size that was measured for the figures. */
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
        bytes("/org/ratescope/figure/svg/fonts/inter-%s-%s-normal.woff".formatted(script, weight));
    return "@font-face{font-family:Inter;font-weight:%s;unicode-range:%s;src:url(data:font/woff;base64,%s)}\n"
        .formatted(weight, range, Base64.getEncoder().encodeToString(file));
  }

  private static String script(String resource) {
    return text(resource)
        .replaceAll("(?m)^//# sourceMappingURL=.*$", "")
        .replace("</script", "<\\/script");
  }

  /** A script element must not contain text like its end tag. */
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
