package org.ratescope.claim;

import java.util.List;
import java.util.Map;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;

/**
 * A claim of the paper that can be judged from records.
 *
 * @param id its short name, mostly the figure's: {@code 3b}, {@code A16}
 * @param section where the paper makes it: {@code 4.4}
 * @param figures numbers of the figures that show it
 * @param studies names of a suite's studies whose runs it is judged by; empty for all
 * @param text what is claimed
 * @param threshold when it counts as holding, and why there
 * @param caution why it may not hold at a profile that is smaller than the paper
 * @param test how it is judged
 */
public record Claim(
    String id,
    String section,
    List<String> figures,
    List<String> studies,
    String text,
    String threshold,
    String caution,
    Test test) {
  public Claim {
    figures = List.copyOf(figures);
    studies = List.copyOf(studies);
  }

  /** How a claim is judged. */
  public interface Test {
    /**
     * Judges from the evidence.
     *
     * @throws NotEnoughRuns if the records lack what it needs
     * @throws QueryException if a query is wrong
     */
    Judgement judge(Evidence evidence) throws NotEnoughRuns, QueryException;

    /**
     * The claim's effects by name: numbers that favour the claim if they grow; empty for none.
     *
     * @throws NotEnoughRuns if the records lack what it needs
     * @throws QueryException if a query is wrong
     */
    default Map<String, Double> effects(Evidence evidence) throws NotEnoughRuns, QueryException {
      return Map.of();
    }
  }

  /**
   * What a test found.
   *
   * @param holds whether the claim holds
   * @param numbers what that rests on, in words
   */
  public record Judgement(boolean holds, String numbers) {
    public Judgement {
      numbers = withMinus(numbers);
    }
  }

  /** A sentence with the sign minus before negative numbers. */
  static String withMinus(String numbers) {
    return numbers.replaceAll("-(?=[0-9])", "−");
  }
}
