package org.ratescope.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.model.Parameters;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.FusedAdam;
import org.ratescope.tensor.Tensors;

/**
 * Adam with amsgrad and PyTorch's default decay rates over the rows of a cohort (section 4.3: "Adam
 * (default parameters, amsgrad enabled)"). Runs of one learning rate share a call. On the CPU runs
 * that have diverged are left out. On a device neighbouring rows are one long tensor, and a run
 * that has diverged goes on with its values that are no numbers until the next program is made.
 */
final class Adam {
  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;

  private final FusedAdam operator = new FusedAdam();
  private final Tensor stepNumber;
  private final List<Group> groups = new ArrayList<>();
  private final boolean joins;

  /**
   * The first of some places and their values: parameters, gradients, first, second and largest
   * second moments.
   */
  private record Row(int place, List<Tensor> tensors) {}

  /** Rows that are updated by one call. */
  private static final class Group {
    private final double learningRate;
    private final List<Row> rows;
    private final Tensor stepNumber;
    private final FusedAdam.Arguments all;
    private boolean isWhole = true;

    Group(double learningRate, List<Row> rows, Tensor stepNumber) {
      this.learningRate = learningRate;
      this.rows = rows;
      this.stepNumber = stepNumber;
      all = arguments();
    }

    /** The rows that are left; while all are, what was made once. */
    FusedAdam.Arguments current() {
      return isWhole ? all : arguments();
    }

    private FusedAdam.Arguments arguments() {
      return new FusedAdam.Arguments(
          part(0),
          part(1),
          part(2),
          part(3),
          part(4),
          Collections.nCopies(rows.size(), stepNumber));
    }

    private List<Tensor> part(int index) {
      return rows.stream().map(row -> row.tensors().get(index)).toList();
    }

    void remove(int place) {
      isWhole &= !rows.removeIf(row -> row.place() == place);
    }
  }

  /**
   * @param joins whether neighbouring rows are one tensor, as on a device
   */
  Adam(Cohort cohort, TrainingState state, Parameters gradients, boolean joins) {
    Device device = Device.of(gradients.rows());
    this.joins = joins;
    stepNumber = Tensors.empty(device, ScalarType.Float).zero_();
    List<Parameters> parts =
        List.of(
            state.parameters(),
            gradients,
            state.firstMoments(),
            state.secondMoments(),
            state.largestSecondMoments());
    Map<Double, List<Row>> rows = new LinkedHashMap<>();
    for (int k = 0; k < state.places(); ) {
      int end = k + 1;
      if (state.isTraining(state.runAt(k))) {
        double learningRate = learningRate(cohort, state, k);
        while (joins && end < state.places() && learningRate == learningRate(cohort, state, end)) {
          end++;
        }
        rows.computeIfAbsent(learningRate, rate -> new ArrayList<>())
            .add(new Row(k, values(parts, k, end - k)));
      }
      k = end;
    }
    rows.forEach((learningRate, group) -> groups.add(new Group(learningRate, group, stepNumber)));
  }

  private static double learningRate(Cohort cohort, TrainingState state, int place) {
    return cohort.runs().get(state.runAt(place)).training().learningRate();
  }

  /** The values of neighbouring places in each part, one long row. */
  private static List<Tensor> values(List<Parameters> parts, int first, int count) {
    return parts.stream().map(part -> part.range(first, count).rows().view(-1)).toList();
  }

  /** Leaves the run at a place as it is from now on; not possible on a device. */
  void freeze(int place) {
    if (joins) {
      throw new IllegalStateException("rows are joined here");
    }
    groups.forEach(group -> group.remove(place));
    groups.removeIf(group -> group.rows.isEmpty());
  }

  /** Makes the update with that number, counted from 0. */
  void update(int step) {
    stepNumber.fill_(new Scalar(step + 1.0));
    for (Group group : groups) {
      operator.step(group.current(), group.learningRate, BETA1, BETA2, EPSILON);
    }
  }
}
