package org.ratescope.claim;

import java.util.List;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;

/** Made-up rows of the tables about data and single examples. */
final class DetailRows {
  private DetailRows() {}

  /** What examples show. */
  private enum Examples {
    /** Three layers reconstruct training images. */
    PAPER,
    /** One layer does. */
    OPPOSITE,
    /** Every reconstruction is a blur, and so is the mean of Equation 5. */
    BLUR
  }

  static void add(Records records, boolean asThePaperSays) throws QueryException {
    add(records, asThePaperSays, asThePaperSays ? Examples.PAPER : Examples.OPPOSITE);
  }

  /** The data as the paper says, and examples of untrained networks. */
  static void addUntrained(Records records) throws QueryException {
    add(records, true, Examples.BLUR);
  }

  private static void add(Records records, boolean asThePaperSays, Examples shown)
      throws QueryException {
    for (String table :
        List.of(
            "splits (\"data\" varchar, split varchar, train integer, test integer, paper_name"
                + " varchar, paper_index integer, paper_train integer, paper_test integer)",
            "sensitivity (\"data\" varchar, factor varchar, mean double, standard_error double,"
                + " bin_low double, bin_high double, \"count\" integer, examples integer)",
            "neighbour_summary (\"data\" varchar, split varchar, train integer, test integer, mean"
                + " double, standard_error double, p10 double, p50 double, p90 double, normaliser"
                + " double, examples integer, ratio double)",
            "neighbour_distances (\"data\" varchar, split varchar, bin_low double, bin_high double,"
                + " \"count\" integer)",
            "examples (run varchar, subset varchar, idx integer, nn_distance double, x_mu double,"
                + " xhat_x double, xhat_mu double, bce_x double, bce_mu double, perplexity double,"
                + " largest_weight double, heaviest integer)",
            "latent_plane (run varchar, x double, y double, log_q double, nearest integer,"
                + " largest_weight double)")) {
      records.query("create table if not exists " + table);
    }
    data(records, asThePaperSays);
    runs(records);
    if (shown == Examples.BLUR) {
      blurs(records);
    } else {
      examples(records, shown == Examples.PAPER);
    }
  }

  private static void data(Records records, boolean good) throws QueryException {
    String set = "'tetrominoes:preset=published,shape=J,resolution=32'";
    records.query(
        "insert into splits by name select %s as \"data\", 'cv:0.05' as split, 8193 as train, %d as test,"
                .formatted(set, good ? 155647 : 155648)
            + " 8193 as paper_train, 155647 as paper_test");
    records.query(
        "insert into splits by name select %s as \"data\", 'cv:0.01' as split, 1 as train, 2 as test"
            .formatted(set));
    records.query(
        "insert into sensitivity by name select %s as \"data\", unnest(['angle', 'x', 'y', 'color', 'scale']) as factor,"
                .formatted(set)
            + (good ? " unnest([5.0, 4, 3.9, 3.5, 1])" : " unnest([5.0, 4, 3.9, 1, 3.5])")
            + " as mean");
    for (String row :
        List.of("cv:0.05 9", "cv:0.1 8", "cv:0.5 4", "checkerboard " + (good ? 8.2 : 4.5))) {
      String split = row.split(" ", -1)[0];
      double mean = Double.parseDouble(row.split(" ", -1)[1]);
      int train =
          split.startsWith("cv") ? (int) (163840 * Double.parseDouble(split.substring(3))) : 81920;
      records.query(
          "insert into neighbour_summary by name select %s as \"data\", '%s' as split, %d as train, %s as mean, %s as ratio"
              .formatted(
                  set, split, train, mean, split.startsWith("cv") ? split.substring(3) : "null"));
      records.query(
          """
          insert into neighbour_distances by name
          select %s as "data", '%s' as split, b * 0.1 as bin_low, b * 0.1 + 0.1 as bin_high,
            round(1000 * exp(-(b * 0.1 - %s) * (b * 0.1 - %s)))::integer as "count"
          from range(160) t(b)
          """
              .formatted(set, split, mean, mean));
    }
  }

  /** Runs with a class left out and with two latents. */
  private static void runs(Records records) throws QueryException {
    records.query(
        """
        insert into runs by name
        select 'nine-' || layers as run, 'mnist' as "data", 'heldout:9' as split, 'heldout' as split_kind,
          'mlp:' || layers || 'x400' as architecture, 'MLP' as family, layers, 400 as width, 'mnist' as set_name, 50 as latent_size, 'bernoulli' as likelihood, 0 as likelihood_index, 'beta' as objective,
          1.0 as beta, 1.0 as weight, 0 as stopping_index, 'finished' as outcome
        from (select unnest([1, 3]) as layers)
        union all
        select 'plane', 'mnist', 'cv:0.002', 'cv', 'mlp:3x400', 'MLP', 3, 400, 'mnist', 2, 'bernoulli', 0, 'beta', 1.0, 1.0, 0, 'finished'
        """);
    records.query(
        "insert into members select unnest(['nine-1', 'nine-3', 'plane']), unnest(['heldout',"
            + " 'heldout', 'latent2'])");
  }

  /** A blur is nearer to the mean of thousands of images than to any image, with any depth. */
  private static void blurs(Records records) throws QueryException {
    records.query(
        """
        insert into examples by name
        select run, 'test' as subset, i as idx, i * 0.1 as nn_distance, 70 as bce_mu, 80 as bce_x, 6 as xhat_x, 1 as xhat_mu,
          3200 as perplexity
        from runs, range(100) t(i)
        where split = 'checkerboard' and beta = 1 and architecture like 'mlp:%' and layers in (1, 3) or run like 'nine-%'
        """);
    records.query(
        """
        insert into latent_plane by name
        select 'plane' as run, i as x, 0 as y, 0.02 as largest_weight from range(100) t(i)
        """);
  }

  private static void examples(Records records, boolean good) throws QueryException {
    records.query(
        """
        insert into examples by name
        select 'nine-' || layers as run, 'test' as subset, i as idx,
          if((layers = 3) = %s, 90, 70) as bce_mu, 80 as bce_x, if(layers = 3 and i < 70, 1.01, 4) as perplexity
        from (select unnest([1, 3]) as layers), range(100) t(i)
        """
            .formatted(!good));
    records.query(
        """
        insert into examples by name
        select run, 'test' as subset, i as idx, i * 0.1 as nn_distance,
          if((layers = 3) = %s and i >= 75, 6, 3) as xhat_x, if((layers = 3) = %s and i >= 75, 3, 6) as xhat_mu,
          if(layers = 3, 1.01, 50) as perplexity
        from runs, range(100) t(i)
        where split = 'checkerboard' and beta = 1 and architecture like 'mlp:%%' and layers in (1, 3)
        """
            .formatted(good, good));
    records.query(
        """
        insert into latent_plane by name
        select 'plane' as run, i as x, 0 as y, if(i < %d, 0.999, 0.6) as largest_weight from range(100) t(i)
        """
            .formatted(good ? 96 : 60));
  }
}
