package org.ratescope.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of docs/architecture.md around this module; the others' are tested where they are. */
@AnalyzeClasses(packages = "org.ratescope", importOptions = DoNotIncludeTests.class)
class SparkWallsTest {
  private static final String HERE = "org.ratescope.spark..";

  @ArchTest
  static final ArchRule SPARK_STAYS_IN_THIS_MODULE =
      noClasses()
          .that()
          .resideOutsideOfPackage(HERE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..", HERE);

  @ArchTest
  static final ArchRule NEITHER_NATIVE_CODE_NOR_THE_COMMAND_LINE_IS_SEEN_FROM_HERE =
      noClasses()
          .that()
          .resideInAPackage(HERE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.bytedeco..",
              "org.ratescope.cli..",
              "org.ratescope.model..",
              "org.ratescope.page..");

  @ArchTest
  static final ArchRule EVERY_CLASS_IS_ABSTRACT_OR_FINAL =
      classes()
          .that()
          .resideInAPackage(HERE)
          .and()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnonymousClasses()
          .should()
          .haveModifier(JavaModifier.FINAL)
          .orShould()
          .haveModifier(JavaModifier.ABSTRACT);

  @ArchTest
  static final ArchRule NOTHING_PRINTS_OR_READS_THE_ENVIRONMENT_OR_THE_CLOCK =
      noClasses()
          .that()
          .resideInAPackage(HERE)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis");
}
