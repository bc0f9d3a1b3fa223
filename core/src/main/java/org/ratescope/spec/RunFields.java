package org.ratescope.spec;

import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.ratescope.spec.RunField.Role;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Wording;

/**
 * The fields of a run. The canonical text, JSON records, SQL tables, trackers, the report, the live
 * page and the formation of cohorts iterate {@link #ALL}. A new field needs a component in {@link
 * RunSpec}, an entry here, and its value in {@link #run}.
 */
public final class RunFields {
  public static final RunField<DataSpec> DATA =
      RunField.text(
              "data", "Data", RunSpec::data, DataSpec::text, DataSpec::parse, DataSpec::displayName)
          .shaping()
          .part("setName", String.class, DataSpec::name);

  public static final RunField<Split> SPLIT =
      RunField.text("split", "Split", RunSpec::split, Split::text, Split::parse, Split::displayName)
          .part("splitKind", String.class, Split::kind)
          .part("ratio", Double.class, split -> split.share().orElse(null))
          .part("fold", Integer.class, split -> split.fold().orElse(null));

  public static final RunField<Architecture> ARCHITECTURE =
      RunField.text(
              "architecture",
              "Architecture",
              RunSpec::architecture,
              Architecture::text,
              Architecture::parse,
              Architecture::displayName)
          .shaping()
          .part("family", String.class, a -> a.family().toUpperCase(Locale.ROOT))
          .part("layers", Integer.class, Architecture::layers)
          .part("width", Integer.class, Architecture::width);

  public static final RunField<Integer> LATENT_SIZE =
      RunField.number(
              "latent",
              "Latent size",
              Integer.class,
              RunSpec::latentSize,
              Integer::valueOf,
              "latent %s")
          .named("latentSize")
          .shaping();

  public static final RunField<Likelihood> LIKELIHOOD =
      RunField.text(
              "likelihood",
              "Likelihood",
              RunSpec::likelihood,
              Likelihood::text,
              Likelihood::parse,
              Likelihood::displayName)
          .shaping();

  public static final RunField<Prior> PRIOR =
      RunField.text("prior", "Prior", RunSpec::prior, Prior::text, Prior::parse, Prior::displayName)
          .omitting(Prior.normal())
          .shaping();

  /** The kind of objective, which follows from the two weights. */
  public static final RunField<Objective> OBJECTIVE =
      RunField.text(
              "objective",
              "Objective",
              RunSpec::objective,
              objective -> objective.family().text(),
              text -> {
                throw new IllegalArgumentException("an objective is read as betaMi and betaKl");
              },
              objective -> objective.family().label())
          .role(Role.DERIVED)
          .shaping(run -> "closedFormRate=" + run.objective().usesClosedFormRate())
          .part("beta", Double.class, of -> of.usesClosedFormRate() ? of.betaKl() : null)
          .part("weight", Double.class, of -> of.weight().orElse(null));

  public static final RunField<Double> BETA_MI =
      RunField.number(
          "betaMi",
          "βMI",
          Double.class,
          run -> run.objective().betaMi(),
          Double::valueOf,
          "βMI = %s");

  public static final RunField<Double> BETA_KL =
      RunField.number(
          "betaKl",
          "βKL",
          Double.class,
          run -> run.objective().betaKl(),
          Double::valueOf,
          "βKL = %s");

  public static final RunField<Stopping> STOPPING =
      RunField.text(
              "stopping",
              "Stopping",
              run -> run.training().stopping(),
              Stopping::text,
              Stopping::parse,
              Stopping::displayName)
          .omitting(new Stopping.Never())
          .shaping();

  public static final RunField<Integer> ITERATIONS =
      RunField.number(
              "iterations",
              "Iterations",
              Integer.class,
              run -> run.training().iterations(),
              Integer::valueOf,
              "%s iterations")
          .shaping();

  public static final RunField<Integer> BATCH =
      RunField.number(
              "batch",
              "Batch",
              Integer.class,
              run -> run.training().batch(),
              Integer::valueOf,
              "batch %s")
          .shaping();

  public static final RunField<Double> LEARNING_RATE =
      RunField.number(
          "learningRate",
          "Learning rate",
          Double.class,
          run -> run.training().learningRate(),
          Double::valueOf,
          "learning rate %s");

  public static final RunField<Precision> PRECISION =
      RunField.text(
              "precision",
              "Precision",
              run -> run.training().precision(),
              Precision::text,
              Precision::parse,
              Precision::text)
          .role(Role.AVERAGED)
          .shaping();

  public static final RunField<Training.Products> PRODUCTS =
      RunField.text(
              "products",
              "Products",
              run -> run.training().products(),
              Training.Products::text,
              Training.Products::parse,
              Training.Products::displayName)
          .omitting(Training.Products.FLOAT32)
          .shaping();

  public static final RunField<Long> SEED =
      RunField.number("seed", "Seed", Long.class, RunSpec::seed, Long::valueOf, "seed %s")
          .role(Role.AVERAGED);

  /** All fields, in the order in which tables show them. */
  public static final List<RunField<?>> ALL =
      List.of(
          DATA,
          SPLIT,
          ARCHITECTURE,
          LATENT_SIZE,
          LIKELIHOOD,
          PRIOR,
          OBJECTIVE,
          BETA_MI,
          BETA_KL,
          STOPPING,
          ITERATIONS,
          BATCH,
          LEARNING_RATE,
          PRECISION,
          PRODUCTS,
          SEED);

  /**
   * The fields that are written: first those that always are, then those with a value that is left
   * out.
   */
  public static final List<RunField<?>> WRITTEN =
      Stream.concat(
              ALL.stream().filter(field -> field.omitted().isEmpty()),
              ALL.stream().filter(field -> field.omitted().isPresent()))
          .filter(field -> !field.is(Role.DERIVED))
          .toList();

  private RunFields() {}

  /**
   * A run of its values.
   *
   * @param texts canonical text forms by key; a field with a value that is left out may be missing
   * @throws IllegalArgumentException if a text is missing or not allowed
   */
  public static RunSpec run(Map<String, String> texts) {
    return new RunSpec(
        DATA.read(texts),
        SPLIT.read(texts),
        ARCHITECTURE.read(texts),
        LATENT_SIZE.read(texts),
        LIKELIHOOD.read(texts),
        PRIOR.read(texts),
        new Objective(BETA_MI.read(texts), BETA_KL.read(texts)),
        new Training(
            ITERATIONS.read(texts),
            BATCH.read(texts),
            LEARNING_RATE.read(texts),
            PRECISION.read(texts),
            STOPPING.read(texts),
            PRODUCTS.read(texts)),
        SEED.read(texts));
  }

  /** The canonical text of a run without one of its fields. */
  public static String textWithout(RunField<?> left, RunSpec run) {
    return text(WRITTEN.stream().filter(field -> !field.equals(left)), run);
  }

  /** What the runs of a cohort share, as a text: runs with equal texts may train together. */
  public static String shape(RunSpec run) {
    return ALL.stream()
        .map(field -> field.shape().apply(run))
        .filter(text -> !text.isEmpty())
        .collect(joining(";"));
  }

  /** The canonical text of a run. */
  static String text(RunSpec run) {
    return text(WRITTEN.stream(), run);
  }

  private static String text(Stream<RunField<?>> fields, RunSpec run) {
    return fields
        .filter(field -> !field.isOmitted(run))
        .map(field -> field.key() + "=" + field.textOf(run))
        .collect(joining(";"));
  }

  /** Reads {@link #text}. */
  static RunSpec parse(String text) {
    Map<String, String> texts = new HashMap<>();
    String[] parts = text.split(";", -1);
    int next = 0;
    for (RunField<?> field : WRITTEN) {
      String start = field.key() + "=";
      if (next < parts.length && parts[next].startsWith(start)) {
        texts.put(field.key(), parts[next++].substring(start.length()));
      } else if (field.omitted().isEmpty()) {
        throw notCanonical(text);
      }
    }
    if (next < parts.length) {
      throw notCanonical(text);
    }
    RunSpec run = run(texts);
    if (!text(run).equals(text)) {
      throw new IllegalArgumentException(
          "got '%s', which is not canonical: '%s' would be".formatted(text, text(run)));
    }
    return run;
  }

  private static IllegalArgumentException notCanonical(String text) {
    return new IllegalArgumentException(Wording.unexpected(text, "the canonical text of a run"));
  }
}
