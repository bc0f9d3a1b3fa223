package org.ratescope.train;

import java.util.ArrayList;
import java.util.Collections;
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

  /** A place and its rows: parameters, gradients, first, second and largest second moments. */
  private record Row(int place, List<Tensor> tensors) {}

  /** Rows that are updated by one call. */
  private record Group(double learningRate, List<Row> rows) {
    List<Tensor> part(int index) {
      return rows.stream().map(row -> row.tensors().get(index)).toList();
    }
  }

  Adam(Cohort cohort, TrainingState state, Parameters gradients) {
    Map<Double, List<Row>> rows = new LinkedHashMap<>();
    for (int k = 0; k < state.places(); k++) {
      if (state.isTraining(state.runAt(k))) {
        double learningRate = cohort.runs().get(state.runAt(k)).training().learningRate();
        rows.computeIfAbsent(learningRate, rate -> new ArrayList<>())
            .add(
                new Row(
                    k,
                    List.of(
                        state.parameters().row(k),
                        gradients.row(k),
                        state.firstMoments().row(k),
                        state.secondMoments().row(k),
                        state.largestSecondMoments().row(k))));
      }
    }
    rows.forEach((learningRate, group) -> groups.add(new Group(learningRate, group)));
  }

  /** Leaves the run at a place as it is from now on. */
  void freeze(int place) {
    groups.forEach(group -> group.rows().removeIf(row -> row.place() == place));
    groups.removeIf(group -> group.rows().isEmpty());
  }

  /** Makes the update with that number, counted from 0. */
  void update(int step) {
    stepNumber.data_ptr_float().put(step + 1f);
    for (Group group : groups) {
      operator.step(
          group.part(0),
          group.part(1),
          group.part(2),
          group.part(3),
          group.part(4),
          Collections.nCopies(group.rows().size(), stepNumber),
          group.learningRate(),
          BETA1,
          BETA2,
          EPSILON);
    }
  }
}
