package org.ratescope.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.ratescope.claim.Verdict;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.io.AtomicFile;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

/**
 * A page in Markdown that shows each figure of a suite with one sentence and the verdicts of the
 * claims that it shows. The picture and the data of a figure are {@code NAME.png} and {@code
 * NAME.csv} in a folder with the page's name, so that the page can be read where the records are
 * not, and a rebuilt figure can be compared with the data of the picture.
 *
 * @param suite the studies
 * @param records their records
 * @param figures the figures, drawn
 * @param verdicts the claims, judged
 * @param command the command that writes this page
 */
public record FigureGallery(
    Suite suite,
    Records records,
    List<DrawnFigure> figures,
    List<Verdict> verdicts,
    String command) {
  private static final int WIDTH = 120;
  private static final String SUFFIX = ".md";

  public FigureGallery {
    figures = List.copyOf(figures);
    verdicts = List.copyOf(verdicts);
  }

  /** The folder of pictures and data of a page: {@code docs/page} of {@code docs/page.md}. */
  public static Path folder(Path page) {
    return page.resolveSibling(stem(page));
  }

  private static String stem(Path page) {
    String name = String.valueOf(page.getFileName());
    return name.endsWith(SUFFIX)
        ? name.substring(0, name.length() - SUFFIX.length())
        : name + "-files";
  }

  /**
   * Writes the page, and pictures and data beside it.
   *
   * @param page the file, for example {@code docs/page.md}; its folder is created if necessary
   * @throws IOException if a file cannot be written
   */
  public void write(Path page) throws IOException {
    Path folder = folder(page.toAbsolutePath());
    Files.createDirectories(folder);
    for (DrawnFigure figure : figures) {
      AtomicFile.write(folder.resolve(figure.name() + ".csv"), bytes(figure.csv().toCsv()));
      if (!figure.table().rows().isEmpty()) {
        AtomicFile.write(folder.resolve(figure.name() + ".png"), figure.png());
      }
    }
    AtomicFile.write(page, bytes(text(stem(page))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The page. */
  private String text(String folder) {
    List<String> parts = new ArrayList<>();
    parts.add("# Gallery");
    parts.add(origin());
    parts.add("```\n%s\n```".formatted(command));
    if (!verdicts.isEmpty()) {
      parts.add(claims());
    }
    for (DrawnFigure figure : figures) {
      parts.add("## " + escaped(figure.heading()));
      parts.add(shown(figure, folder));
      verdicts.stream()
          .filter(verdict -> verdict.claim().figures().contains(figure.number()))
          .forEach(verdict -> parts.add(sentence(verdict)));
    }
    return String.join("\n\n", parts) + "\n";
  }

  /** Which profile the records are from, and how many there are. */
  private String origin() {
    String profile =
        suite
            .profile()
            .map(name -> "the profile **%s**".formatted(escaped(name)))
            .orElse("the study file without a profile");
    return wrapped(
        "The %s figures and tables of %s, drawn from records of %s: %s. Numbers of another profile differ. The link under a figure leads to its data. This command writes the page:"
            .formatted(figures.size(), escaped(suite.name()), profile, runs()));
  }

  private String runs() {
    try {
      return records
          .query("select outcome, count(*) as runs from runs group by outcome order by outcome")
          .rows()
          .stream()
          .map(row -> "%s runs are %s".formatted(row.get(1), row.getFirst()))
          .collect(Collectors.joining(", "));
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }

  private String claims() {
    StringBuilder table = new StringBuilder("| claim | verdict |\n|---|---|\n");
    for (Verdict verdict : verdicts) {
      table.append(
          "| %s | %s |\n".formatted(escaped(verdict.claim().id()), verdict.outcome().text()));
    }
    long hold = verdicts.stream().filter(v -> v.outcome() == Verdict.Outcome.HOLDS).count();
    return table + "\n%s of %s claims hold.".formatted(hold, verdicts.size());
  }

  private static String shown(DrawnFigure figure, String folder) {
    String data = "[Data](%s/%s.csv).".formatted(folder, figure.name());
    if (figure.table().rows().isEmpty()) {
      return wrapped("Not drawn: no record has its data. " + escaped(first(figure.caption())));
    }
    return "![%s](%s/%s.png)\n\n%s"
        .formatted(
            escaped(figure.heading()),
            folder,
            figure.name(),
            wrapped(escaped(first(figure.caption())) + " " + data));
  }

  private static String sentence(Verdict verdict) {
    return wrapped(
        "Claim %s, **%s**: %s (%s)"
            .formatted(
                escaped(verdict.claim().id()),
                verdict.outcome().text(),
                escaped(verdict.claim().text()),
                escaped(verdict.numbers())));
  }

  /** The first sentence of a caption. */
  private static String first(String caption) {
    return Objects.requireNonNull(caption.split("(?<=\\.) (?=\\p{Lu})", 2)[0]);
  }

  /** A text without the signs of Markdown. */
  private static String escaped(String text) {
    return text.replaceAll("[*<\\[\\]`|]", "\\\\$0").replaceAll("\\s+", " ");
  }

  /** A paragraph in lines of at most {@value #WIDTH} characters. */
  private static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int used = 0;
    for (String word : text.split(" ", -1)) {
      if (used > 0) {
        boolean fits = used + 1 + word.length() <= WIDTH;
        lines.append(fits ? ' ' : '\n');
        used = fits ? used + 1 : 0;
      }
      lines.append(word);
      used += word.length();
    }
    return lines.toString();
  }
}
