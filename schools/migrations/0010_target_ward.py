"""Which postcodes lie in a target ward of Uni Connect, by the OfS's file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0009_register_foreseen"),
    ]

    operations = [
        migrations.AddField(
            model_name="postcode",
            name="target_ward",
            field=models.SmallIntegerField(
                help_text="Of Uni Connect: 1 as the OfS marks it, 2 as it marks it 1*.", null=True
            ),
        ),
        migrations.AddField(
            model_name="postcodeload",
            name="target_wards",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Postcodes in a target ward; 0 where none is marked.",
                null=True,
            ),
        ),
    ]
