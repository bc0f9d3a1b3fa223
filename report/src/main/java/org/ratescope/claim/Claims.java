package org.ratescope.claim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** The claims of the paper, in its order, those of the user, and their verdicts. */
public final class Claims {
  private static final List<String> BUILT_IN =
      List.of(
          "T2", "A4", "A1", "3a", "3b", "3c", "3d", "4a", "5", "6", "7", "8", "A5", "A8", "A9",
          "A11", "A15", "A16", "A17", "A19", "A23");

  private Claims() {}

  private static final class Holder {
    static final List<Claim> ALL = BUILT_IN.stream().map(ClaimFolder::builtIn).toList();
  }

  /** The paper's claims, in the order of docs/claims.md. */
  public static List<Claim> all() {
    return Holder.ALL;
  }

  /**
   * The claims of a suite: its {@link #own}, or where it has none the paper's.
   *
   * @param folder the folder {@code claims} beside the study file; it need not exist
   * @throws IOException if a claim in it cannot be read, naming file, line and key
   */
  public static List<Claim> of(Path folder, Suite suite) throws IOException {
    List<Claim> own = own(folder, suite);
    return own.isEmpty() ? all() : own;
  }

  /**
   * The claims in a folder that are about a suite, sorted by name: those that name no studies, and
   * those that name a study of the suite. A folder can thus have claims about several studies.
   *
   * @param folder the folder {@code claims} beside the study file; it need not exist
   * @throws IOException if a claim in it cannot be read, naming file, line and key
   */
  public static List<Claim> own(Path folder, Suite suite) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<String> studies = suite.studies().stream().map(Study::name).toList();
    List<Claim> claims = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(Files::isDirectory).sorted().toList()) {
        Claim claim = ClaimFolder.read(entry);
        if (claim.studies().isEmpty() || !Collections.disjoint(claim.studies(), studies)) {
          claims.add(claim);
        }
      }
    }
    return List.copyOf(claims);
  }

  /** Judges the paper's claims from the records of a study or a suite. */
  public static List<Verdict> judge(Records records) {
    return judge(all(), records);
  }

  /**
   * Judges these claims, in their order.
   *
   * @throws IllegalArgumentException if a query or formula of a claim is wrong
   */
  public static List<Verdict> judge(List<Claim> claims, Records records) {
    return claims.stream().map(claim -> judge(claim, records)).toList();
  }

  /**
   * Judges one claim.
   *
   * @throws IllegalArgumentException if a query or formula of the claim is wrong
   */
  public static Verdict judge(Claim claim, Records records) {
    records.choose(claim.studies());
    try {
      Evidence evidence = new Evidence(records);
      Claim.Judgement judgement = claim.test().judge(evidence);
      Optional<String> untrained = evidence.untrained();
      Verdict.Outcome outcome = Verdict.Outcome.of(untrained.isEmpty(), judgement.holds());
      if (untrained.isPresent()) {
        String direction =
            TrainingDirection.of(claim.test(), records, evidence)
                .map(said -> ". " + said)
                .orElse("");
        return new Verdict(
            claim,
            outcome,
            untrained.get() + direction + ". As far as trained: " + judgement.numbers());
      }
      return new Verdict(claim, outcome, judgement.numbers());
    } catch (NotEnoughRuns e) {
      return new Verdict(claim, Verdict.Outcome.NOT_ENOUGH_RUNS, String.valueOf(e.getMessage()));
    } catch (QueryException | RuntimeException e) {
      throw new IllegalArgumentException(
          "claim %s cannot be judged: %s".formatted(claim.id(), e.getMessage()), e);
    } finally {
      records.choose(List.of());
    }
  }
}
