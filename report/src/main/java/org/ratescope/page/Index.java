package org.ratescope.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.ratescope.figure.DrawnFigure;

/**
 * The page's index at its left; on a narrow page it becomes a drop-down list.
 *
 * @param groups the entries by group, in the page's order; the group without a heading is first
 */
record Index(Map<String, List<Entry>> groups) {

  /** One entry: its target and its text. */
  record Entry(String id, String text) {}

  static Index of(List<Section> sections, List<DrawnFigure> figures) {
    Map<String, List<Entry>> groups = new LinkedHashMap<>();
    groups.put("", sections.stream().map(s -> new Entry(s.id(), s.heading())).toList());
    for (DrawnFigure figure : figures.stream().filter(Index::isInFigures).toList()) {
      groups
          .computeIfAbsent(group(figure.number()), g -> new ArrayList<>())
          .add(new Entry("figure-" + figure.name(), text(figure)));
    }
    groups.put(
        "Runs",
        List.of(
            new Entry("study", "Settings"),
            new Entry("estimates", "Estimates"),
            new Entry("runs", "Runs"),
            new Entry("provenance", "Provenance")));
    return new Index(groups);
  }

  /** Whether a figure is among the others, and not beside the answer. */
  static boolean isInFigures(DrawnFigure figure) {
    return !figure.name().equals(Report.GAP);
  }

  private static String group(String number) {
    if (number.startsWith("Table")) {
      return "Tables";
    }
    return number.startsWith("A") ? "Appendix" : "Figures";
  }

  private static String text(DrawnFigure figure) {
    String number = figure.number().replace("Table ", "");
    return number.isEmpty() ? figure.title() : number + " " + figure.title();
  }

  /** Lists of links, and the same as options of a drop-down list. */
  String html() {
    StringBuilder lists = new StringBuilder();
    StringBuilder options = new StringBuilder();
    groups.forEach(
        (group, entries) -> {
          String heading = Page.escape(group);
          lists.append(group.isEmpty() ? "" : "<h2>" + heading + "</h2>\n");
          lists.append(entries.stream().map(Index::item).collect(joining("ul")));
          options.append(
              entries.stream()
                  .map(Index::option)
                  .collect(
                      Collectors.joining(
                          "", "<optgroup label=\"" + heading + "\">", "</optgroup>\n")));
        });
    return """
    <div class="lists">%s</div>
    <label class="goto">Go to <select id="goto">%s</select></label>
    """
        .formatted(lists, options);
  }

  private static Collector<CharSequence, ?, String> joining(String element) {
    return Collectors.joining("", "<" + element + ">", "</" + element + ">\n");
  }

  private static String item(Entry entry) {
    return "<li><a href=\"#%s\">%s</a></li>"
        .formatted(Page.escape(entry.id()), Page.escape(entry.text()));
  }

  private static String option(Entry entry) {
    return "<option value=\"%s\">%s</option>"
        .formatted(Page.escape(entry.id()), Page.escape(entry.text()));
  }
}
