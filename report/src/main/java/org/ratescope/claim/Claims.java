package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;

/** The claims of the paper, in its order, and their verdicts. */
public final class Claims {
  private Claims() {}

  /** All claims, in the order of docs/claims.md. */
  public static List<Claim> all() {
    List<Claim> claims = new ArrayList<>(DataClaims.all());
    claims.addAll(CurveClaims.all());
    claims.addAll(SplitClaims.all());
    claims.addAll(NetworkClaims.all());
    claims.addAll(MemoryClaims.all());
    claims.addAll(VariantClaims.all());
    return List.copyOf(claims);
  }

  /** Judges all claims from the records of a study or a suite. */
  public static List<Verdict> judge(Records records) {
    return all().stream().map(claim -> judge(claim, records)).toList();
  }

  /** Judges one claim. */
  public static Verdict judge(Claim claim, Records records) {
    records.choose(claim.studies());
    try {
      Claim.Judgement judgement = claim.test().judge(new Evidence(records));
      return new Verdict(
          claim,
          judgement.holds() ? Verdict.Outcome.HOLDS : Verdict.Outcome.DOES_NOT_HOLD,
          judgement.numbers());
    } catch (NotEnoughRuns e) {
      return new Verdict(claim, Verdict.Outcome.NOT_ENOUGH_RUNS, String.valueOf(e.getMessage()));
    } catch (QueryException e) {
      throw new IllegalStateException("a query of claim " + claim.id() + " is wrong", e);
    } finally {
      records.choose(List.of());
    }
  }
}
