package org.ratescope.page;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The reading side is separate from the computing side. */
@AnalyzeClasses(packages = "org.ratescope", importOptions = ImportOption.DoNotIncludeTests.class)
class ReportWallsTest {
  private static final String[] READING = {
    "org.ratescope.sql..",
    "org.ratescope.figure..",
    "org.ratescope.claim..",
    "org.ratescope.statistic..",
    "org.ratescope.page..",
    "org.ratescope.results..",
    "org.ratescope.study..",
    "org.ratescope.yaml..",
    "org.ratescope.spec.."
  };

  @ArchTest
  static final ArchRule READS_WITHOUT_THE_COMPUTING_HALF =
      noClasses()
          .that()
          .resideInAnyPackage(READING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.bytedeco..",
              "org.ratescope.tensor..",
              "org.ratescope.model..",
              "org.ratescope.train..",
              "org.ratescope.estimate..",
              "org.ratescope.analysis..",
              "org.ratescope.dataset..",
              "org.ratescope.plan..",
              "org.ratescope.sweep..");

  @ArchTest
  static final ArchRule NEITHER_PRINTS_NOR_EXITS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.ratescope.sql..",
              "org.ratescope.figure..",
              "org.ratescope.statistic..",
              "org.ratescope.claim..",
              "org.ratescope.page..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.time..");

  @ArchTest
  static final ArchRule HAS_NO_CYCLES =
      slices()
          .matching(
              "org.ratescope.(sql|figure|statistic|claim|page|live|results|study|yaml|spec)..")
          .should()
          .beFreeOfCycles();

  @Test
  void libtorchIsNotEvenOnTheClassPath() {
    assertThatThrownBy(() -> Class.forName("org.bytedeco.pytorch.Tensor"))
        .isInstanceOf(ClassNotFoundException.class);
  }
}
