package org.ratescope.estimate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.results.Estimate;
import org.ratescope.spec.PluginJars;
import org.ratescope.spec.Subset;
import org.ratescope.spec.text.Wording;
import org.ratescope.study.Evaluation;

/** The estimators that a study can request by name. */
public final class Estimators {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  private final List<Estimator> estimators;

  private Estimators(List<Estimator> estimators) {
    this.estimators = List.copyOf(estimators);
  }

  private static final class Holder {
    static final Estimators INSTANCE = onClassPath();
  }

  /** The estimators of the paper, and those of other jars on the class path. */
  public static Estimators standard() {
    return Holder.INSTANCE;
  }

  /** In the order of META-INF/services, which is that of a record's values. */
  private static Estimators onClassPath() {
    Estimators found = new Estimators(List.of());
    for (Estimator estimator :
        ServiceLoader.load(Estimator.class, Estimators.class.getClassLoader())) {
      found = found.and(estimator);
    }
    return found;
  }

  /**
   * These estimators and those of jars; with any jar, an object that does not equal this one. Code
   * of jars runs with all rights of this process: call it only with jars that the user has named.
   *
   * @param paths jars, or folders of jars
   * @throws IOException if one cannot be used, or gives a name that exists; the message names it
   */
  public Estimators withJars(List<Path> paths) throws IOException {
    Estimators all = paths.isEmpty() ? this : new Estimators(estimators);
    for (Path path : paths) {
      PluginJars jars = PluginJars.open(path);
      List<Estimator> found = jars.list(Estimator.class);
      if (found.isEmpty() && !jars.addsKinds()) {
        throw jars.unusable(
            "it lists no estimator, architecture, likelihood or prior in META-INF/services");
      }
      for (Estimator estimator : found) {
        try {
          all = all.and(estimator);
        } catch (RuntimeException | LinkageError e) {
          throw jars.unusable(estimator, e);
        }
      }
    }
    return all;
  }

  /**
   * These estimators and one more.
   *
   * @throws IllegalArgumentException if it has no name, one that is not allowed, or one that exists
   */
  public Estimators and(Estimator estimator) {
    if (estimator.names().isEmpty()) {
      throw new IllegalArgumentException("an estimator gives no name; expected one at least");
    }
    List<String> known = names();
    for (String name : estimator.names()) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "an estimator has the name \"%s\"; expected a letter, then up to 63 letters, digits, '_' and '-'"
                .formatted(name));
      }
      if (known.contains(name)) {
        throw new IllegalArgumentException(
            "the name \"%s\" of an estimator exists already; expected another name than %s"
                .formatted(name, String.join(", ", known)));
      }
    }
    List<Estimator> more = new ArrayList<>(estimators);
    more.add(estimator);
    return new Estimators(more);
  }

  /** The names that a study can request. */
  public List<String> names() {
    return estimators.stream().flatMap(e -> e.names().stream()).toList();
  }

  /**
   * Checks that every requested name exists.
   *
   * @throws IllegalArgumentException naming the one that does not, and those that do
   */
  public void check(Evaluation evaluation) {
    for (String name : evaluation.estimators()) {
      if (!names().contains(name)) {
        throw new IllegalArgumentException(
            "got estimator \"%s\"; expected %s%s"
                .formatted(name, String.join(", ", names()), Wording.didYouMean(name, names())));
      }
    }
  }

  /**
   * The requested values with their details, in the estimators' order. A set without examples has
   * none.
   */
  public List<Estimate> estimate(
      Evaluation evaluation, TrainedModel model, EvaluationData data, Subset subset, long seed) {
    return estimate(evaluation, model, data, subset, seed, BuildListener.SILENT);
  }

  /** The same; the listener hears the name of each estimator before it starts, and its parts. */
  public List<Estimate> estimate(
      Evaluation evaluation,
      TrainedModel model,
      EvaluationData data,
      Subset subset,
      long seed,
      BuildListener listener) {
    return estimate(evaluation, model, data, subset, seed, listener, estimate -> {});
  }

  /** The same; {@code found} gets each estimate as soon as it is there. */
  public List<Estimate> estimate(
      Evaluation evaluation,
      TrainedModel model,
      EvaluationData data,
      Subset subset,
      long seed,
      BuildListener listener,
      Consumer<Estimate> found) {
    check(evaluation);
    List<Estimate> estimates = new ArrayList<>();
    if (data.examples(subset).size() == 0) {
      return estimates;
    }
    List<Estimator> wanted = wanted(evaluation);
    for (int i = 0; i < wanted.size(); i++) {
      String what =
          "estimates of the %s: %s"
              .formatted(subset.displayName(), wanted.get(i).names().getFirst());
      listener.built(what, i, wanted.size());
      BuildListener parts = (part, done, total) -> listener.built(what + ", " + part, done, total);
      for (Estimate estimate : wanted.get(i).estimate(model, data, subset, seed, parts)) {
        requireDeclared(wanted.get(i), estimate);
        if (evaluation.estimators().contains(estimate.requestedName())) {
          estimates.add(estimate);
          found.accept(estimate);
        }
      }
    }
    listener.built(
        "estimates of the %s".formatted(subset.displayName()), wanted.size(), wanted.size());
    return estimates;
  }

  private List<Estimator> wanted(Evaluation evaluation) {
    return estimators.stream()
        .filter(e -> e.names().stream().anyMatch(evaluation.estimators()::contains))
        .toList();
  }

  private static void requireDeclared(Estimator estimator, Estimate estimate) {
    if (!estimator.names().contains(estimate.requestedName())) {
      throw new IllegalStateException(
          "an estimator gives a value \"%s\"; expected its names %s, or one of them with a detail after a dot"
              .formatted(estimate.name(), String.join(", ", estimator.names())));
    }
  }

  /** The cost of all requested estimates on one set, for forecasts. */
  public Cost cost(Evaluation evaluation, Cost.Scale scale) {
    return wanted(evaluation).stream()
        .map(estimator -> estimator.cost(scale))
        .reduce(Cost.NONE, Cost::plus);
  }
}
