package org.ratescope.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.train.Cohort;

/**
 * The part of a plan for one of several processes, such as a task of a scheduler's array.
 *
 * @param number the number of the part, from 1
 * @param count the number of parts
 */
public record Shard(int number, int count) {
  /** The whole plan. */
  public static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})");

  public Shard {
    if (!(number >= 1 && number <= count)) {
      throw new IllegalArgumentException(
          "got %d/%d; expected i/n with 1 <= i <= n".formatted(number, count));
    }
  }

  /** Parses {@code i/n}. */
  public static Shard parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "got \"%s\"; expected i/n with 1 <= i <= n".formatted(text));
    }
    return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** The runs of every n-th chunk, and runs that belong to no part. */
  Set<RunId> runs(List<Cohort> chunks, List<RunSpec> shared) {
    Set<RunId> runs = new HashSet<>();
    for (int i = number - 1; i < chunks.size(); i += count) {
      chunks.get(i).runs().forEach(run -> runs.add(run.id()));
    }
    shared.forEach(run -> runs.add(run.id()));
    return runs;
  }
}
