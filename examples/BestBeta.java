///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 21+
//DEPS org.ratescope:ratescope-report:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import java.io.IOException;
import java.nio.file.Path;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;

/** Prints the β with the largest test ELBO for each split and architecture: jbang BestBeta.java study.yaml results */
final class BestBeta {
  private BestBeta() {}

  public static void main(String[] arguments) throws IOException, QueryException {
    var study = StudyFile.read(Path.of(arguments[0]));
    try (Records records = Records.open(Suite.of(study), RecordStore.at(Path.of(arguments[1])))) {
      var best =
          records.query(
              """
              with mean as (
                select split_label, architecture_label, beta, avg(elbo) as elbo, count(*) as restarts
                from results
                where subset = 'test' and beta is not null
                group by all
              )
              select split_label as split, architecture_label as architecture,
                arg_max(beta, elbo) as beta, max(elbo) as test_elbo, arg_max(restarts, elbo) as restarts
              from mean
              group by all
              order by all
              """);
      System.out.print(best.toText());
    }
  }
}
