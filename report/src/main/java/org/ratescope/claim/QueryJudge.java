package org.ratescope.claim;

import java.util.List;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;

/**
 * Judges by a query of one row: {@code holds}, true or false, or null where the runs are not
 * enough, and {@code numbers}, the sentence that says on what the verdict rests, or what is
 * missing. A column {@code runs} may list the runs on which it rests, separated by commas.
 *
 * @param tables tables that must have rows
 * @param sql the query
 */
record QueryJudge(List<String> tables, String sql) implements Claim.Test {
  QueryJudge {
    tables = List.copyOf(tables);
  }

  @Override
  public Judgement judge(Evidence evidence) throws NotEnoughRuns, QueryException {
    for (String table : tables) {
      evidence.require(table);
    }
    Evidence.Row row = evidence.row(sql);
    row.runs().forEach(evidence::use);
    if (row.holds().isEmpty()) {
      throw new NotEnoughRuns(row.numbers());
    }
    return new Judgement(row.holds().get(), row.numbers());
  }
}
