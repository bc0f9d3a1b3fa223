package org.ratescope.claim;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.Generated;
import org.ratescope.figure.GeneratedPaper;
import org.ratescope.figure.MadeNumbers;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;

class ClaimsDumpTest {
  @TempDir Path folder;

  private final StringBuilder text = new StringBuilder();

  private void add(String name, List<Verdict> verdicts) {
    text.append("== ").append(name).append('\n');
    text.append(ClaimsTable.rows(verdicts).toJson().replace("},", "},\n")).append('\n');
  }

  @Test
  void dump() throws Exception {
    for (int restarts : new int[] {1, 2, 3}) {
      for (MadeNumbers numbers : new MadeNumbers[] {MadeNumbers.PAPER, new OppositeNumbers()}) {
        for (boolean rows : new boolean[] {true, false}) {
          if (rows == (restarts == 1)) {
            continue;
          }
          String name = restarts + " " + (numbers == MadeNumbers.PAPER);
          Path at = Files.createDirectories(folder.resolve(name.replace(' ', '-')));
          try (Records records = GeneratedPaper.open(at, GeneratedPaper.runs(restarts), numbers)) {
            if (restarts > 1) {
              DetailRows.add(records, numbers == MadeNumbers.PAPER);
            }
            add(name, Claims.judge(records));
          }
        }
      }
    }
    try (Records records = Records.open(Generated.small(1), RecordStore.at(folder.resolve("e")))) {
      add("empty", Claims.judge(records));
    }
    Study study = Generated.small(3);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("s")));
    try (Records records = Records.open(study, store)) {
      add("small", Claims.judge(records));
    }
    Files.writeString(Path.of(System.getenv().getOrDefault("DUMP", "/tmp/claims-dump.txt")), text);
  }
}
