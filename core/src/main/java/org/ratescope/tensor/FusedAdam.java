package org.ratescope.tensor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * libtorch's operator {@code aten::_fused_adam_}, called by name since the binding does not have
 * it: one pass over parameters, gradients and the three moments.
 */
public final class FusedAdam {
  private final OperatorHandle operator =
      Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adam_", "");

  /**
   * The tensors that a call updates, as libtorch takes them: made once for many calls. They belong
   * to the scope that was open when this was made.
   */
  public static final class Arguments {
    private final List<IValue> lists;

    /**
     * @param parameters tensors to update; the other lists contain as many tensors of the same
     *     shapes
     * @param gradients gradients of the loss that is minimised
     * @param firstMoments running means of the gradient, updated
     * @param secondMoments running means of its square, updated
     * @param largestSecondMoments their running maxima, updated
     * @param steps float32 scalars: number of updates before this one plus one; the caller has
     *     already increased them
     */
    public Arguments(
        List<Tensor> parameters,
        List<Tensor> gradients,
        List<Tensor> firstMoments,
        List<Tensor> secondMoments,
        List<Tensor> largestSecondMoments,
        List<Tensor> steps) {
      List<List<Tensor>> all =
          List.of(parameters, gradients, firstMoments, secondMoments, largestSecondMoments, steps);
      for (List<Tensor> list : all) {
        if (list.size() != parameters.size()) {
          throw new IllegalArgumentException(
              "all lists must have %d tensors; got %d".formatted(parameters.size(), list.size()));
        }
      }
      lists = all.stream().map(FusedAdam::tensors).toList();
    }
  }

  /**
   * Updates parameters in place by Adam with amsgrad (Kingma and Ba 2015; Reddi et al. 2018),
   * without weight decay.
   */
  public void step(
      Arguments arguments, double learningRate, double beta1, double beta2, double epsilon) {
    try (PointerScope scope = new PointerScope()) {
      IValueVector stack = new IValueVector();
      arguments.lists.forEach(stack::push_back);
      double weightDecay = 0;
      stack.push_back(new IValue(learningRate));
      stack.push_back(new IValue(beta1));
      stack.push_back(new IValue(beta2));
      stack.push_back(new IValue(weightDecay));
      stack.push_back(new IValue(epsilon));
      stack.push_back(new IValue(true)); // amsgrad
      stack.push_back(new IValue(false)); // maximize
      stack.push_back(new IValue()); // grad_scale
      stack.push_back(new IValue()); // found_inf
      Dispatcher.singleton().callBoxed(operator, stack);
    }
  }

  private static IValue tensors(List<Tensor> tensors) {
    GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
    for (Tensor tensor : tensors) {
      list.push_back(new IValue(tensor));
    }
    return new IValue(list);
  }
}
