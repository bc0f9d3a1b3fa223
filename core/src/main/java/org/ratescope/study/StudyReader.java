package org.ratescope.study;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.study.Setting.Group;

/**
 * The keys of a study file: what each allows and what stands for it when it is left out. Each
 * default is written here once; those of training are {@link Training#paper}.
 */
final class StudyReader {
  /** Keys of a study and of a profile, in the order of the documentation. */
  static final List<String> KEYS =
      List.of(
          "name",
          "title",
          "data",
          "splits",
          "architectures",
          "latent",
          "likelihood",
          "objective",
          "restarts",
          "seed",
          "training",
          "evaluation",
          "figures");

  static final String PROFILES = "profiles";
  static final List<String> KEYS_AND_PROFILES =
      Stream.concat(KEYS.stream(), Stream.of(PROFILES)).toList();

  /** A study with more runs is taken for a mistake; the paper has 6,000. */
  static final int MAX_RUNS = 1_000_000;

  /** Above this, seeds are no whole numbers to JSON readers that know only doubles. */
  private static final long MAX_SEED = (1L << 53) - MAX_RUNS;

  /** Table A1: a latent space of 10 dimensions. */
  private static final List<Integer> LATENT_SIZES = List.of(10);

  /** Section 4.3. */
  private static final int RESTARTS = 5;

  private static final long SEED = 0;

  /** Appendix A.2. */
  private static final Likelihood LIKELIHOOD = new Likelihood.Bernoulli();

  /** The terms of Equation 1 and their sum. */
  private static final List<String> ESTIMATORS = List.of("distortion", "rate", "elbo");

  /** Figure 3. */
  private static final List<String> FIGURES = List.of("rate-distortion");

  private static final Allowed<String> TITLE =
      Allowed.matching("1 to 200 characters in one line", Pattern.compile(".{1,200}"));
  private static final Allowed<Integer> LATENT_SIZE =
      Allowed.whole(1, RunSpec.MAX_LATENT_SIZE).map(Math::toIntExact);
  private static final Allowed<Integer> EXAMPLES =
      Allowed.whole(2, Evaluation.ALL).map(Math::toIntExact).or("all", Evaluation.ALL);

  private final String fallbackName;
  private final StudyFile.Vocabulary vocabulary;

  /**
   * A reader of one file.
   *
   * @param fallbackName the study's name when the file gives none
   * @param vocabulary names of estimators and figures
   */
  StudyReader(String fallbackName, StudyFile.Vocabulary vocabulary) {
    this.fallbackName = fallbackName;
    this.vocabulary = vocabulary;
  }

  /** The study that a group of {@link #KEYS} describes. */
  Study study(Group file) throws StudyFileException {
    String name = name(file);
    Study study =
        new Study(
            name,
            file.one("title", TITLE, name),
            DataReader.read(file.required("data", DataSpec.ALLOWED)),
            file.list("splits", Allowed.parsed(Split.ALLOWED, Split::parse)),
            file.list("architectures", Allowed.parsed(Architecture.ALLOWED, Architecture::parse)),
            file.list("latent", LATENT_SIZE, LATENT_SIZES),
            file.one(
                "likelihood", Allowed.parsed(Likelihood.ALLOWED, Likelihood::parse), LIKELIHOOD),
            objectives(file),
            file.whole("restarts", 1, 10_000, RESTARTS),
            file.one("seed", Allowed.whole(0, MAX_SEED), SEED),
            training(file),
            evaluation(file),
            file.list("figures", Allowed.name(vocabulary.figures()), FIGURES));
    return checkedSize(study, file.place());
  }

  private String name(Group file) throws StudyFileException {
    Setting given = file.entries().get("name");
    return Allowed.name(List.of())
        .one(
            given == null
                ? new Setting.Scalar(file.place().under("name", 1), fallbackName, Setting.Kind.TEXT)
                : given);
  }

  private static Study checkedSize(Study study, Place place) throws StudyFileException {
    double runs =
        (double) study.splits().size()
            * study.architectures().size()
            * study.latentSizes().size()
            * study.objectives().size()
            * study.restarts();
    if (!(runs <= MAX_RUNS)) {
      throw place.error("a grid of %.0f runs".formatted(runs), "at most " + MAX_RUNS + " runs");
    }
    return study;
  }

  private static List<Objective> objectives(Group file) throws StudyFileException {
    List<String> keys = List.of("beta");
    Group group =
        file.required("objective", "a group of the keys " + String.join(", ", keys)).asGroup(keys);
    return group.list("beta", Allowed.nonNegative()).stream().map(Objective::beta).toList();
  }

  private static Training training(Group file) throws StudyFileException {
    Group group =
        file.section("training", List.of("iterations", "batch", "learning-rate", "precision"));
    Training paper = Training.paper();
    return new Training(
        group.whole("iterations", 1, Integer.MAX_VALUE, paper.iterations()),
        group.whole("batch", 1, Training.MAX_BATCH, paper.batch()),
        group.one("learning-rate", Allowed.positive(), paper.learningRate()),
        group.one(
            "precision",
            Allowed.parsed(
                words(Stream.of(Precision.values()).map(Precision::text)), Precision::parse),
            paper.precision()));
  }

  private Evaluation evaluation(Group file) throws StudyFileException {
    Group group = file.section("evaluation", List.of("estimators", "examples"));
    return new Evaluation(
        group.list("estimators", Allowed.name(vocabulary.estimators()), ESTIMATORS),
        group.one("examples", EXAMPLES, Evaluation.ALL));
  }

  private static String words(Stream<String> words) {
    return words.collect(Collectors.joining(", "));
  }
}
