package io.turboqueue;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.File;
import java.io.FileDescriptor;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/** Packages are floors of a house: each sees only the floors below it. */
@AnalyzeClasses(packages = "io.turboqueue", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule eachFloorSeesOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            // floor 4
            .layer("cli")
            .definedBy("io.turboqueue.cli..")
            // floor 3
            .layer("facade")
            .definedBy("io.turboqueue")
            // floor 2
            .layer("inspect")
            .definedBy("io.turboqueue.inspect..")
            // floor 1
            .layer("directory")
            .definedBy("io.turboqueue.directory..")
            // floor 0
            .layer("batch")
            .definedBy("io.turboqueue.batch..")
            .layer("io")
            .definedBy("io.turboqueue.io..")
            .layer("waiting")
            .definedBy("io.turboqueue.waiting..")
            .layer("message")
            .definedBy("io.turboqueue.message..")
            .layer("config")
            .definedBy("io.turboqueue.config..")
            //
            .whereLayer("facade")
            .mayOnlyAccessLayers("inspect", "directory", "batch", "io", "waiting", "message", "config")
            .whereLayer("inspect")
            .mayOnlyAccessLayers("directory", "batch", "io", "waiting", "message", "config")
            .whereLayer("directory")
            .mayOnlyAccessLayers("io", "waiting", "message", "config")
            .whereLayer("batch")
            .mayOnlyAccessLayers("io")
            .whereLayer("waiting")
            .mayOnlyAccessLayers("io")
            .whereLayer("io")
            .mayNotAccessAnyLayer()
            .whereLayer("message")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(eachPackage()).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyBatchKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackage("io.turboqueue.batch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "com.zaxxer.hikari..")
            .because("a batch is the only thing kept in SQLite");

    @ArchTest
    static final ArchRule onlyIoRenamesDeletesAndSyncs = noClasses()
            .that()
            .resideOutsideOfPackage("io.turboqueue.io..")
            .should()
            .accessTargetWhere(describe("it renames, links, deletes or syncs a file", ArchitectureTest::changesDisk))
            .because("tests inject faults there");

    @ArchTest
    static final ArchRule onlyCliPrints = noClasses()
            .that()
            .resideOutsideOfPackage("io.turboqueue.cli..")
            .should(ACCESS_STANDARD_STREAMS)
            .because("a library logs");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
            .because("these names say nothing");

    private static final Map<Class<?>, Set<String>> DISK_CHANGES = Map.of(
            Files.class, Set.of("move", "delete", "deleteIfExists", "createLink", "createSymbolicLink"),
            File.class, Set.of("renameTo", "delete", "deleteOnExit"),
            FileChannel.class, Set.of("force"),
            AsynchronousFileChannel.class, Set.of("force"),
            MappedByteBuffer.class, Set.of("force"),
            FileDescriptor.class, Set.of("sync"));

    private static boolean changesDisk(JavaAccess<?> access) {
        return DISK_CHANGES.entrySet().stream()
                .anyMatch(change -> access.getTargetOwner().isAssignableTo(change.getKey())
                        && change.getValue().contains(access.getName()));
    }

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return SliceIdentifier.of(javaClass.getPackageName());
            }

            @Override
            public String getDescription() {
                return "each package";
            }
        };
    }
}
