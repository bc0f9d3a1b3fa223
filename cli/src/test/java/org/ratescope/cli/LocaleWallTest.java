package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No code of the product writes numbers in the locale's digits, changes letters by the locale's
 * rules or takes the locale's charset. The command line sets {@link java.util.Locale#ROOT}; an
 * executor of Spark and a user of the library do not. Plain {@code %d}, which only locales with
 * digits of their own write otherwise, stays in messages of core.
 */
class LocaleWallTest {
  /** Strings, characters and comments, whose content is not code. */
  private static final Pattern LITERALS =
      Pattern.compile(
          "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n"
              + "])*\"|'(?:\\\\.|[^'\\\\\\n"
              + "])*'|//[^\\n"
              + "]*|/\\*[\\s\\S]*?\\*/");

  /** A number with a point, an exponent, groups of digits or leading zeros. */
  private static final Pattern NUMBER =
      Pattern.compile("(?<!%)(?:%%)*%(?:[-+(#0,]*\\d*(?:\\.\\d+)?[feEgG]|[-+(]*[0,][-+(0,]*\\d*d)");

  /** Those, and any whole number. */
  private static final Pattern ANY_NUMBER =
      Pattern.compile("(?<!%)(?:%%)*%[-+(#0,]*\\d*(?:\\.\\d+)?[dfeEgG]");

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "\\.to(?:Lower|Upper)Case\\(\\)|new"
              + " DecimalFormat\\b|NumberFormat\\.get|\\.getBytes\\(\\)|new"
              + " File(?:Reader|Writer)\\(|Charset\\.defaultCharset|Locale\\.getDefault|new"
              + " (?:Scanner|Formatter|InputStreamReader|OutputStreamWriter|String)\\((?:in|out|bytes)?\\)");

  private static List<String> found(String name, String source, Pattern number) {
    List<String> found = new ArrayList<>();
    StringBuilder code = new StringBuilder(source);
    List<MatchResult> formats = new ArrayList<>();
    for (MatchResult literal : LITERALS.matcher(source).results().toList()) {
      code.replace(literal.start(), literal.end(), "x".repeat(literal.group().length()));
      if (literal.group().startsWith("\"") && number.matcher(literal.group()).find()) {
        formats.add(literal);
      }
    }
    for (MatchResult format : formats) {
      if (!statement(code, format).contains("Locale.ROOT")) {
        found.add(name + ": " + format.group());
      }
    }
    FORBIDDEN.matcher(code).results().forEach(use -> found.add(name + ": " + use.group()));
    return found;
  }

  /** The code around a literal, to the next semicolons or braces. */
  private static String statement(CharSequence code, MatchResult literal) {
    int start = literal.start();
    while (start > 0 && ";{}".indexOf(code.charAt(start - 1)) < 0) {
      start--;
    }
    int end = literal.end();
    while (end < code.length() && ";{}".indexOf(code.charAt(end)) < 0) {
      end++;
    }
    return code.subSequence(start, end).toString();
  }

  @Test
  void noCodeDependsOnTheLocale() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    for (String module : List.of("core", "report", "cli", "spark")) {
      Pattern number = module.equals("core") ? NUMBER : ANY_NUMBER;
      try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
          found.addAll(found(source.getFileName().toString(), Files.readString(source), number));
          files++;
        }
      }
    }
    assertThat(files).isGreaterThan(300);
    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`a(\"%.3g\".formatted(x));`, true",
        "`String.format(Locale.ROOT, \"%.3g\", x);`, false",
        "`f(Locale.ROOT); String.format(\"%s, %,d\", x);`, true",
        "`out.printf(\"{;%05d\", x);`, true",
        "`String.format(Locale.ROOT, \"{;%05d\", x);`, false",
        "`// \"%.3g\"`, false",
        "`\"%d of %s, 5 %%\".formatted(x);`, true",
        "`\"%s of %5s, 5 %%, 7 % above\".formatted(x);`, false",
        "`\"100 %%f\".formatted(x);`, false",
        "`name.toLowerCase();`, true",
        "`name.toLowerCase(Locale.ROOT);`, false",
        "`text.getBytes();`, true",
        "`new InputStreamReader(in);`, true",
        "`new InputStreamReader(in, UTF_8);`, false"
      })
  void findsWhatDependsOnTheLocale(String source, boolean depends) {
    assertThat(found("here", source, ANY_NUMBER)).hasSize(depends ? 1 : 0);
  }
}
