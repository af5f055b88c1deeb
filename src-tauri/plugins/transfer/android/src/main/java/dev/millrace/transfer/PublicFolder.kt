// Below Android 11 the public downloads folder has plain files, which an app may write with the user's permission.
package dev.millrace.transfer

import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.media.MediaScannerConnection
import android.os.Build
import android.os.Environment
import java.io.File

object PublicFolder {
    const val LEAVE = Manifest.permission.WRITE_EXTERNAL_STORAGE

    /**
     * The folder, created if missing; null where there is none, while its storage is unmounted, and without permission.
     */
    fun find(context: Context): File? {
        if (!wanted(Build.VERSION.SDK_INT) || !given(context)) return null
        @Suppress("DEPRECATION")
        val folder = File(Environment.getExternalStoragePublicDirectory(Environment.DIRECTORY_DOWNLOADS), "Millrace")
        return folder.takeIf { it.isDirectory || it.mkdirs() }
    }

    /** From Android 11 on `MediaStoreFiles` stores the files that outlive the app. */
    fun wanted(level: Int): Boolean = level < MediaStoreFiles.SINCE

    fun given(context: Context): Boolean = context.checkSelfPermission(LEAVE) == PackageManager.PERMISSION_GRANTED

    /** Adds a finished file of the folder to galleries, music players and the system's own list. */
    fun scan(context: Context, path: String) = MediaScannerConnection.scanFile(context.applicationContext, arrayOf(path), null, null)
}
