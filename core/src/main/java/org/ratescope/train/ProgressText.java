package org.ratescope.train;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.LossPoint;

/**
 * What a checkpoint keeps of a state beside its tensors, as a JSON text. Each count is checked
 * against the cohort, so that a text from elsewhere is refused here, and not where it is used.
 *
 * @param format version of this text and of the file around it
 * @param step updates made
 * @param places rows that are still trained
 * @param runAt the run of each row
 * @param runs how far each run has come
 */
record ProgressText(int format, int step, int places, List<Integer> runAt, List<Run> runs) {
  private static final int FORMAT = 3;

  /** The version before, which kept no learning curves. */
  private static final int WITHOUT_CURVES = 2;

  private static final JsonMapper MAPPER = mapper();

  /** One run, in the order of the cohort. */
  record Run(
      String run,
      int endedAt,
      boolean diverged,
      int bestStep,
      double bestLoss,
      int measuredAt,
      int sinceBest,
      List<LossPoint> trace,
      List<CurvePoint> curve) {}

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    mapper
        .configOverride(LossPoint.class)
        .setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY));
    mapper
        .configOverride(CurvePoint.class)
        .setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY));
    return mapper;
  }

  /** The text of a state. */
  static String of(TrainingState state, Cohort cohort) throws JsonProcessingException {
    List<Run> runs = new ArrayList<>();
    for (int k = 0; k < cohort.size(); k++) {
      RunProgress p = state.progress(k);
      runs.add(
          new Run(
              cohort.runs().get(k).id().hex(),
              p.endedAt(),
              p.hasDiverged(),
              p.bestStep(),
              p.bestLoss(),
              p.measuredAt(),
              p.sinceBest(),
              p.trace(),
              p.curve()));
    }
    List<Integer> runAt = IntStream.range(0, cohort.size()).mapToObj(state::runAt).toList();
    return MAPPER.writeValueAsString(
        new ProgressText(FORMAT, state.step(), state.places(), runAt, runs));
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is not one that this version writes, saying why
   */
  static ProgressText parse(String text) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      int format = tree.path("format").asInt(1);
      if (format == WITHOUT_CURVES) {
        tree.path("runs").forEach(ProgressText::addCurve);
      } else if (format != FORMAT) {
        throw new IllegalArgumentException(
            "written by another version: format %d; expected %d".formatted(format, FORMAT));
      }
      return MAPPER.treeToValue(tree, ProgressText.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("its progress cannot be read", e);
    }
  }

  /** Gives a run of a version without learning curves an empty one. */
  private static void addCurve(JsonNode run) {
    if (run instanceof ObjectNode fields) {
      fields.putArray("curve");
    }
  }

  /**
   * Checks that this is a state of that cohort.
   *
   * @throws IllegalArgumentException if it is not, saying what is wrong
   */
  void requireCohort(Cohort cohort) {
    List<String> ids = cohort.runs().stream().map(run -> run.id().hex()).toList();
    require(runs.stream().map(Run::run).toList().equals(ids), "belongs to another cohort");
    int size = cohort.size();
    require(isWithin(step, 0, cohort.first().training().iterations()), "step " + step);
    require(isWithin(places, 0, size), "places " + places);
    require(
        runAt.size() == size
            && new HashSet<>(runAt).size() == size
            && runAt.stream().allMatch(run -> isWithin(run, 0, size - 1)),
        "runAt " + runAt);
    require(
        runAt.subList(places, size).stream().allMatch(run -> runs.get(run).endedAt() >= 0),
        "a row that is not trained has a run that has not ended");
    runs.forEach(this::requireRun);
  }

  private void requireRun(Run run) {
    require(isWithin(run.endedAt, RunProgress.NEVER, step), "endedAt " + run.endedAt);
    require(!run.diverged || run.endedAt >= 0, "a run has diverged and not ended");
    require(isWithin(run.bestStep, RunProgress.NEVER, step), "bestStep " + run.bestStep);
    require(isWithin(run.measuredAt, run.bestStep, step), "measuredAt " + run.measuredAt);
    require(isWithin(run.sinceBest, 0, step), "sinceBest " + run.sinceBest);
    int next = 0;
    for (LossPoint point : run.trace) {
      require(isWithin(point.step(), next, step), "a batch loss of step " + point.step());
      next = point.step() + 1;
    }
    int last = 0;
    for (CurvePoint point : run.curve) {
      require(isWithin(point.step(), last, step), "a learning curve at step " + point.step());
      last = point.step();
    }
  }

  private static boolean isWithin(int value, int low, int high) {
    return value >= low && value <= high;
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException("its progress is not one of this cohort: " + what);
    }
  }

  /** Gives a state these counts. */
  void restore(TrainingState state) {
    state.step(step);
    state.places(runAt.stream().mapToInt(Integer::intValue).toArray(), places);
    for (int k = 0; k < runs.size(); k++) {
      Run run = runs.get(k);
      state
          .progress(k)
          .restore(
              run.endedAt, run.diverged, run.bestStep, run.bestLoss, run.measuredAt, run.sinceBest);
      state.trace(k).addAll(run.trace);
      state.curve(k).addAll(run.curve);
    }
  }
}
