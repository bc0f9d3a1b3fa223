package org.ratescope.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.torch.FusedAdam;
import org.ratescope.torch.Host;
import org.ratescope.vae.Parameters;

/**
 * Adam with amsgrad and PyTorch's default decay rates over the rows of a cohort (section 4.3: "Adam
 * (default parameters, amsgrad enabled)"). Runs that have diverged are left out; runs of one
 * learning rate share a call.
 */
final class Adam {
  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;

  private final FusedAdam operator = new FusedAdam();
  private final Tensor stepNumber = Host.zeros(ScalarType.Float);
  private final List<Group> groups = new ArrayList<>();

  /** Rows that are updated by one call. */
  private record Group(
      double learningRate,
      List<Tensor> parameters,
      List<Tensor> gradients,
      List<Tensor> first,
      List<Tensor> second,
      List<Tensor> largest,
      List<Tensor> steps) {}

  Adam(Cohort cohort, TrainingState state, Parameters gradients) {
    Map<Double, List<Integer>> members = new LinkedHashMap<>();
    for (int k = 0; k < cohort.size(); k++) {
      if (state.isTraining(k)) {
        members
            .computeIfAbsent(
                cohort.runs().get(k).training().learningRate(), rate -> new ArrayList<>())
            .add(k);
      }
    }
    members.forEach(
        (learningRate, runs) ->
            groups.add(
                new Group(
                    learningRate,
                    rows(state.parameters(), runs),
                    rows(gradients, runs),
                    rows(state.firstMoments(), runs),
                    rows(state.secondMoments(), runs),
                    rows(state.largestSecondMoments(), runs),
                    runs.stream().map(run -> stepNumber).toList())));
  }

  private static List<Tensor> rows(Parameters parameters, List<Integer> runs) {
    return runs.stream().map(parameters::row).toList();
  }

  /** Makes the update with that number, counted from 0. */
  void update(int step) {
    stepNumber.data_ptr_float().put(step + 1f);
    for (Group g : groups) {
      operator.step(
          g.parameters(),
          g.gradients(),
          g.first(),
          g.second(),
          g.largest(),
          g.steps(),
          g.learningRate(),
          BETA1,
          BETA2,
          EPSILON);
    }
  }
}
