package org.ratescope.figure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Split;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

/**
 * The tables of a generated paper, written as CSV and read by the database.
 *
 * @param folder where the CSV files go
 */
record PaperTables(Path folder) {
  private static final List<String> NAMES =
      List.of(
          "distortion",
          "rate",
          "elbo",
          "logMarginal",
          "mutualInformation",
          "marginalKl",
          "encoderNorm",
          "decoderNorm",
          "activeDimensions");

  private static final String RUN =
      "run,data,data_index,set_name,split,split_kind,ratio,split_label,split_index,architecture,architecture_label,architecture_index,family,layers,width,"
          + "latent_size,likelihood,likelihood_label,likelihood_index,objective,objective_label,objective_index,beta_mi,beta_kl,beta,"
          + "weight,stopping,stopping_label,stopping_index,iterations,batch,learning_rate,precision,seed,outcome,"
          + "train_examples,test_examples,step,convergence";

  Records open(List<MadeRun> runs, MadeNumbers numbers) throws IOException, QueryException {
    Records records =
        Records.openWithFiles(
            Suite.of(Generated.small(1)), RecordStore.at(folder.resolve("no records")));
    for (String table : List.of("runs", "members")) {
      records.query("delete from " + table);
    }
    List<MadeRun> once =
        List.copyOf(
            runs.stream()
                .collect(Collectors.toMap(MadeRun::id, run -> run, (a, b) -> a, LinkedHashMap::new))
                .values());
    load(records, "runs", runs(once));
    load(records, "members", members(runs));
    load(records, "estimates", estimates(once, numbers));
    load(records, "pictures", pictures(once));
    records.choose(List.of());
    return records;
  }

  private void load(Records records, String table, List<String> lines)
      throws IOException, QueryException {
    Path file = Files.createDirectories(folder).resolve(table + ".csv");
    Files.write(file, lines);
    records.query(
        "insert into %s by name from read_csv('%s', header = true, sample_size = -1)"
            .formatted(table, file));
  }

  private static String line(@Nullable Object... values) {
    List<String> fields = new ArrayList<>();
    for (Object value : values) {
      fields.add(
          value instanceof String text ? '"' + text + '"' : value == null ? "" : value.toString());
    }
    return String.join(",", fields);
  }

  private static List<String> runs(List<MadeRun> runs) {
    List<String> data = runs.stream().map(MadeRun::data).distinct().sorted().toList();
    List<String> splits = runs.stream().map(MadeRun::split).distinct().toList();
    List<String> architectures = runs.stream().map(MadeRun::architectureLabel).distinct().toList();
    List<String> lines = new ArrayList<>(List.of(RUN));
    for (MadeRun run : runs) {
      Split split = Split.parse(run.split());
      boolean beta = run.objective().equals("beta");
      boolean never = run.stopping().equals("never");
      boolean bernoulli = run.likelihood().equals("bernoulli");
      lines.add(
          line(
              run.id(),
              run.data(),
              data.indexOf(run.data()),
              run.data().split(":", 2)[0],
              run.split(),
              split.kind(),
              split.share().orElse(null),
              run.splitLabel(),
              splits.indexOf(run.split()),
              "%s:%dx%d".formatted(run.family(), run.layers(), run.width()),
              run.architectureLabel(),
              architectures.indexOf(run.architectureLabel()),
              run.family().toUpperCase(Locale.ROOT),
              run.layers(),
              run.width(),
              run.latent(),
              run.likelihood(),
              bernoulli ? "Bernoulli" : "Gaussian (variance 0.1)",
              bernoulli ? 0 : 1,
              run.objective(),
              beta ? "L_β" : run.objective().equals("mi") ? "L_MI" : "L_KL",
              List.of("beta", "kl", "mi").indexOf(run.objective()),
              run.objective().equals("kl") ? 0.0 : run.weight(),
              run.objective().equals("mi") ? 0.0 : run.weight(),
              beta ? run.weight() : null,
              run.weight(),
              run.stopping(),
              never ? "all iterations" : "early stopping",
              never ? 0 : 1,
              4000,
              64,
              0.001,
              "float32",
              run.seed(),
              "finished",
              run.train(),
              run.test(),
              4000,
              "converged"));
    }
    return lines;
  }

  private static List<String> members(List<MadeRun> runs) {
    List<String> lines = new ArrayList<>(List.of("run,study"));
    runs.forEach(run -> lines.add(line(run.id(), run.study())));
    return lines;
  }

  private static List<String> estimates(List<MadeRun> runs, MadeNumbers numbers) {
    List<String> lines =
        new ArrayList<>(List.of("run,name,subset,value,standard_error,unit,examples"));
    for (MadeRun run : runs) {
      for (String subset : List.of("train", "test")) {
        for (String name : NAMES) {
          double value = numbers.of(run, name, subset);
          if (!Double.isNaN(value)) {
            lines.add(line(run.id(), name, subset, value, 0.1, "nats per example", 2000));
          }
        }
      }
    }
    return lines;
  }

  private static List<String> pictures(List<MadeRun> runs) {
    List<String> lines =
        new ArrayList<>(List.of("run,name,subset,idx,distance,original,neighbour,reconstruction"));
    for (MadeRun run : runs) {
      double blur = Math.min(1, run.decades() / 4);
      if (run.seed() == 0) {
        String shown = Generated.png(blur, 5 + (int) Math.round(2 * blur));
        lines.add(
            line(
                run.id(),
                "hard",
                "test",
                17,
                3.25,
                Generated.png(0, 5),
                Generated.png(0, 7),
                shown));
      }
    }
    return lines;
  }
}
