package org.ratescope.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.Generated;
import org.ratescope.figure.GeneratedPaper;
import org.ratescope.figure.MadeNumbers;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

class ClaimEffectsTest {
  @TempDir Path folder;

  /** Curves that end at the estimates, and are twice as high at the beginning. */
  @Test
  void effectsAreThoseOfTheCurves() throws Exception {
    try (Records records = GeneratedPaper.open(folder, GeneratedPaper.runs(3), MadeNumbers.PAPER)) {
      records.query(
          """
          insert into learning_curves by name
          select run, p.i * 50 as step, subset, d."value" * (2 - p.i / 20) as distortion, r."value" as rate
          from estimates d join estimates r using (run, subset), range(1, 21) p(i)
          where d.name = 'distortion' and r.name = 'rate'
          """);
      Claim claim =
          Claims.all().stream().filter(c -> c.id().equals("3b")).findFirst().orElseThrow();
      records.choose(claim.studies());
      Map<String, Double> expected = claim.test().effects(new Evidence(records));
      ClaimEffects.offer(folder.resolve("no claims"), Suite.of(Generated.small(1)), records);
      List<String> chosen = List.of("rd");
      records.choose(chosen);
      QueryResult found =
          records.query("from claim_effects where claim = '3b' order by effect, share");
      assertThat(found.rows()).hasSize(2 * 8);
      for (int row = 0; row < found.rows().size(); row++) {
        double share = (Double) Objects.requireNonNull(found.value(row, "share"));
        double end =
            Objects.requireNonNull(expected.get(String.valueOf(found.value(row, "effect"))));
        assertThat((Double) found.value(row, "value")).isCloseTo((2 - share) * end, within(1e-9));
        assertThat(found.value(row, "updates")).isEqualTo(1000 * share);
        assertThat(found.value(row, "outcome")).isEqualTo("holds");
      }
      assertThat(records.query("select distinct study from wanted").rows())
          .as("what was chosen before")
          .isEqualTo(List.of(List.of("rd")));
      assertThat(records.query("from claim_effects where claim = 'A8'").rows()).isEmpty();
    }
  }
}
