package org.ratescope.cli.study;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ratescope.cli.process.HumanTime;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/**
 * The part of a plan for each figure of a suite.
 *
 * @param plans one for each figure, in the figures' order
 */
record FigurePlans(List<FigurePlan> plans) {
  FigurePlans {
    plans = List.copyOf(plans);
  }

  /**
   * The part of a plan that one figure needs.
   *
   * @param figure the figure
   * @param runs runs it draws
   * @param shared how many of these other figures draw too
   * @param toTrain how many of these are to be trained
   * @param seconds predicted time of these, if there is a forecast
   * @param diskBytes predicted size of these
   */
  record FigurePlan(
      Figure figure,
      int runs,
      int shared,
      int toTrain,
      Optional<Double> seconds,
      Optional<Long> diskBytes) {

    String number() {
      return figure.number().isEmpty() ? figure.name() : figure.number();
    }

    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("figure", figure.name());
      fields.put("number", figure.number());
      fields.put("title", figure.title());
      fields.put("studies", figure.studies());
      fields.put("runs", runs);
      fields.put("shared", shared);
      fields.put("toTrain", toTrain);
      seconds.ifPresent(s -> fields.put("seconds", Math.round(s)));
      diskBytes.ifPresent(bytes -> fields.put("diskBytes", bytes));
      return fields;
    }
  }

  /**
   * Reads from every figure in a folder which studies it draws.
   *
   * @throws FigureException if one cannot be read
   */
  static FigurePlans of(Plan plan, Optional<Forecast> forecast, Path folder)
      throws FigureException {
    List<Figure> figures = new ArrayList<>();
    Map<RunSpec, Integer> uses = new HashMap<>();
    for (String name : Figure.names(folder)) {
      Figure figure = Figure.find(name, folder);
      figures.add(figure);
      plan.suite().runs(figure.studies()).forEach(run -> uses.merge(run, 1, Integer::sum));
    }
    Set<RunId> untrained = plan.wanted();
    return new FigurePlans(
        figures.stream().map(figure -> plan(figure, plan, uses, untrained, forecast)).toList());
  }

  private static FigurePlan plan(
      Figure figure,
      Plan plan,
      Map<RunSpec, Integer> uses,
      Set<RunId> untrained,
      Optional<Forecast> forecast) {
    List<RunSpec> runs = plan.suite().runs(figure.studies());
    List<RunSpec> toTrain = runs.stream().filter(run -> untrained.contains(run.id())).toList();
    return new FigurePlan(
        figure,
        runs.size(),
        (int) runs.stream().filter(run -> uses.getOrDefault(run, 0) > 1).count(),
        toTrain.size(),
        forecast.map(cost -> cost.seconds(toTrain)),
        forecast.map(cost -> cost.diskBytes(toTrain)));
  }

  List<Map<String, Object>> fields() {
    return plans.stream().map(FigurePlan::fields).toList();
  }

  /** One line for each figure, under a header line; empty if there are none. */
  void print(PrintWriter out) {
    if (plans.isEmpty()) {
      return;
    }
    out.println();
    out.println("figure       runs  shared  to train        time       disk  title");
    for (FigurePlan plan : plans) {
      out.println(
          "%-9s  %6s  %6s  %8s  %10s  %9s  %s"
              .formatted(
                  plan.number(),
                  plan.runs(),
                  plan.shared(),
                  plan.toTrain(),
                  plan.seconds().filter(s -> plan.toTrain() > 0).map(HumanTime::about).orElse("-"),
                  plan.diskBytes().map(PlanTable::mebibytes).orElse("-"),
                  plan.figure().title()));
    }
    out.println(
        "A run that several figures draw is trained once, so the rows add up to more than the"
            + " total.");
  }
}
