package org.ratescope.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.cli.process.UsageException;
import org.ratescope.study.Overrides;
import org.ratescope.study.RunFilter;
import org.ratescope.study.Suite;
import org.ratescope.yaml.StudyFileException;
import picocli.CommandLine.Option;

/** The options that change a study's values and choose among its runs. */
public final class RunChoice {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Replace a value of the study file, for example training.iterations=2000 or"
              + " objective.beta='[0.1, 1]'; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE,...",
      description =
          "Use only the runs that fulfil these conditions, for example beta=1,layers=3. Signs: ="
              + " != < <= > >=; several values: beta='0.1|1'.")
  private List<String> conditions = new ArrayList<>();

  /**
   * The values of {@code --set}.
   *
   * @throws StudyFileException if one is no {@code KEY=VALUE}
   */
  Overrides overrides() throws StudyFileException {
    return Overrides.parse("--set", settings);
  }

  /** These options as words of a command line, each after a space. */
  String words() {
    return words("--set", settings) + words("--where", conditions);
  }

  private static String words(String option, List<String> values) {
    return values.stream()
        .map(value -> " %s %s".formatted(option, ShellWord.quoted(value)))
        .collect(Collectors.joining());
  }

  /**
   * The runs that fulfil the conditions of {@code --where}.
   *
   * @throws UsageException if a condition is wrong, or no run fulfils all
   */
  Suite where(Suite all) {
    if (conditions.isEmpty()) {
      return all;
    }
    String text = String.join(",", conditions);
    Suite chosen = all.where(filter(text));
    if (chosen.runs().isEmpty()) {
      throw new UsageException(
          "--where %s: none of the %s runs of the study fulfils this"
              .formatted(text, all.runs().size()));
    }
    return chosen;
  }

  private static RunFilter filter(String text) {
    try {
      return RunFilter.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--where: " + e.getMessage());
    }
  }
}
