package org.ratescope.figure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;

/**
 * A whole small paper of records with made-up numbers, written directly into the tables, so that it
 * can have data sets, splits and architectures with any name. Nothing here was trained.
 */
public final class GeneratedPaper {
  public static final List<Double> BETAS = List.of(0.001, 0.01, 0.1, 0.3, 1.0, 3.0);
  public static final List<Double> MI_WEIGHTS = List.of(6.0, 8.0, 10.0, 12.0, 15.0, 20.0);
  private static final String TETROMINOES = "tetrominoes:preset=published,shape=J,resolution=32";
  private static final int ALL = 163_840;
  private final int restarts;
  private final List<MadeRun> runs = new ArrayList<>();

  private GeneratedPaper(int restarts) {
    this.restarts = restarts;
  }

  /** The runs of the paper's studies, each study with that many restarts. */
  public static List<MadeRun> runs(int restarts) {
    GeneratedPaper paper = new GeneratedPaper(restarts);
    paper.rd();
    paper.sizes();
    paper.variants();
    paper.others();
    paper.again();
    return paper.runs;
  }

  private void rd() {
    for (String split : List.of("default", "cv:0.5", "cv:0.1", "checkerboard", "cd:0.2")) {
      for (int layers : List.of(1, 2, 3)) {
        add("rd", TETROMINOES, split, "mlp", layers, 256, "bernoulli", "beta", BETAS, "never");
      }
      for (int layers : List.of(1, 3)) {
        add("cnn", TETROMINOES, split, "cnn", layers, 16, "bernoulli", "beta", BETAS, "never");
      }
    }
  }

  private void sizes() {
    for (double ratio : List.of(0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)) {
      for (int layers : List.of(1, 3)) {
        String cv = "cv:" + ratio;
        String cd = String.format(Locale.ROOT, "cd:%.1f", 2 * ratio);
        add("sizes", TETROMINOES, cv, "mlp", layers, 256, "bernoulli", "beta", BETAS, "never");
        add("sizes", TETROMINOES, cd, "mlp", layers, 256, "bernoulli", "beta", BETAS, "never");
      }
    }
  }

  private void variants() {
    for (int layers : List.of(1, 3)) {
      String sparse = "cv:0.1";
      add(
          "objectives",
          TETROMINOES,
          sparse,
          "mlp",
          layers,
          256,
          "bernoulli",
          "beta",
          BETAS,
          "never");
      add("objectives", TETROMINOES, sparse, "mlp", layers, 256, "bernoulli", "kl", BETAS, "never");
      add(
          "objectives",
          TETROMINOES,
          sparse,
          "mlp",
          layers,
          256,
          "bernoulli",
          "mi",
          MI_WEIGHTS,
          "never");
      for (String likelihood : List.of("bernoulli", "gaussian:0.1")) {
        add(
            "gaussian",
            TETROMINOES,
            sparse,
            "mlp",
            layers,
            256,
            likelihood,
            "beta",
            BETAS,
            "never");
      }
      for (String stopping : List.of("never", "patience:10,every=1000,validation=0.1")) {
        for (String split : List.of("default", sparse)) {
          add(
              "stopping",
              TETROMINOES,
              split,
              "mlp",
              layers,
              256,
              "bernoulli",
              "beta",
              BETAS,
              stopping);
          add(
              "stopping",
              TETROMINOES,
              split,
              "cnn",
              layers,
              16,
              "bernoulli",
              "beta",
              BETAS,
              stopping);
        }
      }
    }
    for (String split : List.of("default", "cv:0.1", "checkerboard")) {
      for (int layers : List.of(1, 2, 3)) {
        for (int width : List.of(128, 256, 512)) {
          add(
              "capacity",
              TETROMINOES,
              split,
              "mlp",
              layers,
              width,
              "bernoulli",
              "beta",
              List.of(1.0),
              "never");
        }
      }
    }
  }

  /** Studies that request more estimates for runs that others declare too. */
  private void again() {
    for (MadeRun run : List.copyOf(runs)) {
      if (run.study().equals("rd")) {
        runs.add(run.in("information"));
        runs.add(run.in("marginal"));
      } else if (run.study().equals("sizes") && run.weight() == 1) {
        runs.add(run.in("sizes-marginal"));
      }
    }
  }

  private void others() {
    for (String data :
        List.of("mnist", "fashion-mnist", "smallnorb:camera=0,resolution=32", "3dshapes")) {
      for (double ratio : List.of(0.05, 0.1, 0.2, 0.5, 0.75)) {
        for (int layers : List.of(1, 3)) {
          String study = data.replaceFirst(":.*", "");
          add(study, data, "cv:" + ratio, "mlp", layers, 256, "bernoulli", "beta", BETAS, "never");
        }
      }
    }
  }

  private void add(
      String study,
      String data,
      String split,
      String family,
      int layers,
      int width,
      String likelihood,
      String objective,
      List<Double> weights,
      String stopping) {
    int all = data.equals(TETROMINOES) ? ALL : 70_000;
    double share =
        split.contains(":") ? Double.parseDouble(split.substring(split.indexOf(':') + 1)) : 0.5;
    boolean cd = split.startsWith("cd");
    int train = (int) Math.round(all * (cd ? share / 2 : share));
    int test = cd ? train : all - train;
    for (double weight : weights) {
      for (int seed = 0; seed < restarts; seed++) {
        runs.add(
            new MadeRun(
                study,
                data,
                split,
                train,
                test,
                family,
                layers,
                width,
                10,
                likelihood,
                objective,
                weight,
                stopping,
                seed));
      }
    }
  }

  /** The tables with these runs, each with its made-up numbers. */
  public static Records open(Path folder, List<MadeRun> runs, MadeNumbers numbers)
      throws IOException, QueryException {
    return new PaperTables(folder).open(runs, numbers);
  }
}
