package org.ratescope.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.claim.Verdict.Outcome;
import org.ratescope.figure.GeneratedPaper;
import org.ratescope.figure.MadeNumbers;
import org.ratescope.sql.Records;

/**
 * How often the claims err over repeated noise: on untrained networks, of which none about training
 * may hold, and on the paper's numbers, of which all hold. The counts are in docs/claims.md.
 */
@Tag("long") // judges 21 claims of 40 generated papers, several minutes
class ErrorRatesTest {
  private static final int PAPERS = 20;
  private static final List<String> OF_DATA = List.of("T2", "A4", "A1");

  @TempDir Path folder;

  private interface Papers {
    Records open(String salt) throws Exception;
  }

  private Map<String, Integer> held(Papers papers) throws Exception {
    Map<String, Integer> held = new LinkedHashMap<>();
    for (int i = 0; i < PAPERS; i++) {
      try (Records records = papers.open("paper " + i)) {
        for (Verdict verdict : Claims.judge(records)) {
          held.merge(
              verdict.claim().id(), verdict.outcome() == Outcome.HOLDS ? 1 : 0, Integer::sum);
        }
      }
    }
    return held;
  }

  @Test
  void ofUntrainedNetworksAndOfThePapersNumbers() throws Exception {
    Map<String, Integer> untrained =
        held(
            salt -> {
              Records records =
                  GeneratedPaper.open(folder, GeneratedPaper.runs(3), new UntrainedNumbers(salt));
              DetailRows.addUntrained(records);
              return records;
            });
    Map<String, Integer> paper =
        held(
            salt -> {
              Records records =
                  GeneratedPaper.open(folder, GeneratedPaper.runs(3), MadeNumbers.paper(salt));
              DetailRows.add(records, true);
              return records;
            });
    untrained.keySet().removeAll(OF_DATA);
    System.out.println("| claim | holds on untrained networks | holds on the paper's numbers |");
    untrained.forEach(
        (id, n) ->
            System.out.printf(
                "| %s | %d of %d | %d of %d |%n", id, n, PAPERS, paper.get(id), PAPERS));
    assertThat(untrained.values()).allMatch(n -> n <= 0.05 * PAPERS);
    assertThat(paper.values()).allMatch(n -> n >= 0.95 * PAPERS);
  }
}
